import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Output of a process that is not a line of its log, and warnings of its runtime. */
export const otherLines = (output: string): string[] =>
  output.split('\n').filter((line) => line !== '' && !isLogLine(line))

/** From all logs of a folder. */
export const otherLinesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => otherLines(readFileSync(join(folder, name), 'utf8')).map((line) => `${name}: ${line}`))

function isLogLine(line: string): boolean {
  try {
    const entry: unknown = JSON.parse(line)
    if (typeof entry !== 'object' || entry === null || !('msg' in entry)) return false
    return 'level' in entry && 'time' in entry && entry.msg !== 'Runtime warning'
  } catch {
    return false
  }
}
