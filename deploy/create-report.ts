/**
 * Prints lines of the launcher, each with its time: time of day on a terminal, ISO 8601 in a file. `print` must not
 * fail if the reader has gone away.
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
