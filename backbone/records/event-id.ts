import { hash } from 'node:crypto'
import type { Lane } from './partition.ts'

const EVENT_ID_DIGITS = 32

// Cut as bytes: a slice of the whole text would keep the whole in memory, for as long as a window remembers the id.
const sha256 = (input: string | Uint8Array) =>
  hash('sha256', input, 'buffer').toString('hex', 0, EVENT_ID_DIGITS / 2)

/** What may stand in the header `event-id`: it goes into URLs, where `/checkout/batch` is another route, and SSE frames as it is. */
export const EVENT_ID = /^(?!batch$)[A-Za-z0-9_-]{1,128}$/

/** What an outcome may be asked for by: an event id, or one that was made of it (`<id>-conflict-<offset>`, `<id>-p<partition>`). */
export const OUTCOME_ID = /^[A-Za-z0-9_-]{1,192}$/

export interface IdempotencyScope {
  /** Whose key it is: the API key's owner. */
  owner: string
  key: string
  customer: string
  lane: Lane
}

/** All that decides the partition is in the id, so one partition's owner decides on one id (DESIGN.md, Idempotency). */
export function eventIdOfKey({ owner, key, customer, lane }: IdempotencyScope): string {
  return sha256(JSON.stringify([owner, key, customer, lane]))
}

/** The event id of a checkout without a key, and the fingerprint by which two bodies are held to be the same. */
export function eventIdOfBody(canonical: string): string {
  return sha256(canonical)
}

/** Of a checkout without a key, when it came on behalf of an owner: an identical body of another one is another event. */
export function eventIdOfOwnersBody(owner: string, canonical: string): string {
  return sha256(JSON.stringify([owner, canonical]))
}

/** Garbage has no body to be the same as: each such record is an event of its own. */
export function eventIdOfInvalid(value: Uint8Array, partition: number, offset: number): string {
  return `${sha256(value)}-p${partition}-o${offset}`
}
