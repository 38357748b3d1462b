const stretchMs = 10_000
const mostLines = 20

/** Passes on the first lines of each ten seconds, and `more` once for the rest. */
export function limitLines(
  pass: (line: string) => void,
  more: string,
  now = Date.now,
): (line: string) => void {
  let since = Number.NEGATIVE_INFINITY
  let lines = 0

  return (line) => {
    if (now() - since >= stretchMs) {
      since = now()
      lines = 0
    }
    lines++
    if (lines <= mostLines) pass(line)
    else if (lines === mostLines + 1) pass(more)
  }
}
