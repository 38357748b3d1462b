const warning = 40

interface LogLine {
  level?: unknown
  msg?: unknown
  err?: { message?: unknown }
  error?: unknown
}

/** What a newcomer's terminal should show of a child's log line, if anything. */
export function noteworthy(line: string): string | undefined {
  const entry = parse(line)
  // What is not JSON was not written by the logger: a crash.
  if (!entry) return line.trim() || undefined
  if (typeof entry.level !== 'number' || entry.level < warning) return undefined
  return [entry.msg, entry.err?.message ?? entry.error].filter((part) => typeof part === 'string').join(': ')
}

export function saysListening(line: string): boolean {
  return parse(line)?.msg === 'listening'
}

function parse(line: string): LogLine | undefined {
  try {
    const entry: unknown = JSON.parse(line)
    return typeof entry === 'object' && entry !== null ? entry : undefined
  } catch {
    return undefined
  }
}
