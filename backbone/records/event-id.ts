import { hash } from 'node:crypto'
import type { Lane } from './partition.ts'

const EVENT_ID_DIGITS = 32

// Sliced as bytes: a slice of the string would keep the whole string in memory as long as the id is kept.
const sha256 = (input: string | Uint8Array) =>
  hash('sha256', input, 'buffer').toString('hex', 0, EVENT_ID_DIGITS / 2)

/**
 * Allowed values of the header `event-id`. It is used unescaped in URLs, where `/checkout/batch` is another
 * route, and in SSE frames.
 */
export const EVENT_ID = /^(?!batch$)[A-Za-z0-9_-]{1,128}$/

/** Ids of outcomes: an event id, or one derived from it (`<id>-conflict-<offset>`, `<id>-p<partition>`). */
export const OUTCOME_ID = /^[A-Za-z0-9_-]{1,192}$/

/** The id of the outcome of a record that has the id of another event: see decide-outcome.ts. */
export const conflictIdOf = (eventId: string, offset: number): string => `${eventId}-conflict-${offset}`

/** The event that a record was in conflict with; undefined if the id is not one of {@link conflictIdOf}. */
export const conflictedEventOf = (id: string): string | undefined => CONFLICT_ID.exec(id)?.[1]

const CONFLICT_ID = /^(.+)-conflict-\d+(?:-p\d+)?$/
const WITHOUT_PARTITION = /-conflict-\d+$/

/**
 * The id of an invalid record with its partition, which that of a conflict does not have: if another program than a gateway
 * gives one event id to records in several partitions, their conflicts at equal offsets have the same id.
 */
export const idWithPartition = (id: string, partition: number): string =>
  WITHOUT_PARTITION.test(id) ? `${id}-p${partition}` : id

/** The id of a record without an event id that is not in the home partition of its customer. */
export const idOutsideHome = (eventId: string, partition: number): string => `${eventId}-p${partition}`

export interface IdempotencyScope {
  /** Owner of the idempotency key, which is the owner of the API key. */
  owner: string
  key: string
  customer: string
  lane: Lane
}

/**
 * The id covers everything that decides the partition, so all records with one id are in one partition, whose
 * owner decides on them (docs/explanation/architecture.md, A partition is claimed in the log of outcomes).
 */
export function eventIdOfKey({ owner, key, customer, lane }: IdempotencyScope): string {
  return sha256(JSON.stringify([owner, key, customer, lane]))
}

/**
 * The event id of a checkout without a key. It is also the fingerprint that decides whether two bodies are
 * equal.
 */
export function eventIdOfBody(canonical: string): string {
  return sha256(canonical)
}

/**
 * The event id of a checkout without a key that an owner sent. The same body from another owner is another
 * event.
 */
export function eventIdOfOwnersBody(owner: string, canonical: string): string {
  return sha256(JSON.stringify([owner, canonical]))
}

/**
 * Sent again by anyone, at any gateway, a dead letter is one event: of its {@link idWithPartition} alone, whatever was
 * edited. So is it under the id that it has while no other dead letter has the same one.
 */
export const eventIdOfRedrive = (deadLetter: string, partition: number): string =>
  sha256(JSON.stringify(['redrive', idWithPartition(deadLetter, partition)]))

/** An invalid record has no body to compare, so each one is its own event. */
export function eventIdOfInvalid(value: Uint8Array, partition: number, offset: number): string {
  return `${sha256(value)}-p${partition}-o${offset}`
}
