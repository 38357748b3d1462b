import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a process has written to its outputs that is no line of its log. */
export const otherLines = (output: string): string[] =>
  output.split('\n').filter((line) => line !== '' && !isLogLine(line))

/** Of all logs in a folder. */
export const otherLinesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => otherLines(readFileSync(join(folder, name), 'utf8')).map((line) => `${name}: ${line}`))

function isLogLine(line: string): boolean {
  try {
    const entry: unknown = JSON.parse(line)
    return (
      typeof entry === 'object' && entry !== null && ['level', 'time', 'msg'].every((key) => key in entry)
    )
  } catch {
    return false
  }
}
