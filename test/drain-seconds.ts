import { readFileSync } from 'node:fs'

/** How long the program in the file drains at most, in seconds. */
export function drainSeconds(path: string): number {
  const text = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
  const [, ms = ''] = /DRAIN_DEADLINE_MS = ([\d_]+)/.exec(text) ?? []
  return Number.parseInt(ms.replaceAll('_', ''), 10) / 1_000
}
