/** Prints the launcher's lines, each with the time: of day where somebody reads along, in full (ISO 8601) in a file. */
export function createReport(out: NodeJS.WriteStream): (line: string) => void {
  const time = () => {
    const now = new Date()
    return out.isTTY ? now.toTimeString().slice(0, 8) : now.toISOString()
  }
  return (line) => void out.write(`${time()} ${line}\n`)
}
