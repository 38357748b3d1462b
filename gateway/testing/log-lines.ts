import { Writable } from 'node:stream'
import pino from 'pino'

/** A logger at `level`, and the entries that it has written. */
export function collectLog(level: string) {
  const lines: unknown[] = []
  const stream = new Writable({
    write(line, _, done) {
      lines.push(JSON.parse(String(line)))
      done()
    },
  })
  return { lines, log: pino({ level }, stream) }
}
