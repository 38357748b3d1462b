import { createReadStream } from 'node:fs'
import type { Acknowledgement, SentCheckout } from '../load/sent-checkout.ts'
import { splitBytes } from './split-bytes.ts'
import { textHash } from './text-hash.ts'

export interface LedgerEntry {
  number: number
  bodyHash: number
  /** A position that several answers named is listed once. */
  acknowledgements: Acknowledgement[]
}

export interface Ledger {
  entries: readonly LedgerEntry[]
  /** The number of a checkout is in its body, so all bodies differ. */
  ofBody(bodyHash: number): LedgerEntry | undefined
}

export function createLedgerIndex() {
  const entries: LedgerEntry[] = []
  const byBody = new Map<number, LedgerEntry>()
  const ledger: Ledger = { entries, ofBody: (bodyHash) => byBody.get(bodyHash) }

  return {
    ledger,
    add({ number, body, acknowledgements }: SentCheckout): void {
      const entry = { number, bodyHash: textHash(body), acknowledgements: acknowledgements.filter(isFirst) }
      entries.push(entry)
      byBody.set(entry.bodyHash, entry)
    },
  }
}

const LINE_FEED = 10

export async function readLedger(file: string): Promise<Ledger> {
  const { ledger, add } = createLedgerIndex()
  await splitBytes(createReadStream(file), LINE_FEED, (line) =>
    add(JSON.parse(line.toString()) as SentCheckout),
  )
  return ledger
}

function isFirst(one: Acknowledgement, index: number, all: Acknowledgement[]): boolean {
  const same = (other: Acknowledgement) =>
    other.eventId === one.eventId && other.partition === one.partition && other.offset === one.offset
  return all.findIndex(same) === index
}
