/**
 * Prints the launcher's lines, each with the time: of day on a terminal, in full (ISO 8601) in a file. `print` must not
 * fail when nobody reads any more.
 */
export function createReport(
  print: (line: string) => void,
  { isTTY }: Pick<NodeJS.WriteStream, 'isTTY'>,
): (line: string) => void {
  const time = () => {
    const now = new Date()
    return isTTY ? now.toTimeString().slice(0, 8) : now.toISOString()
  }
  return (line) => print(`${time()} ${line}`)
}
