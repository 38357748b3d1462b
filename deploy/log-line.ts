const shownLevels = new Set(['warn', 'error', 'fatal'])

interface LogLine {
  level?: unknown
  msg?: unknown
  err?: { message?: unknown }
  error?: unknown
}

/** The part of a service's log that the launcher shows: warnings and errors. */
export function noteworthy(line: string): string | undefined {
  const entry = parse(line)
  // A line that is not JSON does not come from the logger: a crash.
  if (!entry) return line.trim() || undefined
  const { level, msg, err, error } = entry
  if (typeof level !== 'string' || !shownLevels.has(level)) return undefined
  const text = [msg, err?.message ?? error].filter((part) => typeof part === 'string').join(': ')
  return `${level}: ${text}`
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
