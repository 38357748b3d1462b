import { closeSync, openSync, writeSync } from 'node:fs'
import type { SentCheckout } from './sent-checkout.ts'

const LINES_PER_WRITE = 64

/**
 * NDJSON, one checkout per line. Written in blocks: a system call per line would be a large part of the cost
 * of a checkout.
 */
export function createLedgerFile(path: string) {
  const file = openSync(path, 'w')
  let lines: string[] = []

  function flush() {
    if (lines.length > 0) writeSync(file, lines.join(''))
    lines = []
  }

  return {
    write(checkout: SentCheckout) {
      if (lines.push(`${JSON.stringify(checkout)}\n`) >= LINES_PER_WRITE) flush()
    },
    close() {
      flush()
      closeSync(file)
    },
  }
}

export type LedgerFile = ReturnType<typeof createLedgerFile>
