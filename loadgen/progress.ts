const EVERY_MS = 1_000
const CLEAR_LINE = '\r\u001B[K'

/** Shows a line each second: over the last one on a terminal, below it elsewhere. Returns how to end that. */
export function showProgress(out: NodeJS.WriteStream, line: () => string): () => void {
  const timer = setInterval(() => out.write(out.isTTY ? CLEAR_LINE + line() : `${line()}\n`), EVERY_MS)
  return () => {
    clearInterval(timer)
    if (out.isTTY) out.write(CLEAR_LINE)
  }
}
