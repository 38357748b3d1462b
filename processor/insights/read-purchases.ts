import type { Checkout, Stage } from '../../backbone/records/checkout.ts'
import { parseOutcome } from '../read-model/encoded-outcome.ts'
import type { openSampler } from '../read-model/sample-outcomes.ts'
import type { Reading } from './analyse.ts'
import type { Purchase, StageTime } from './purchase.ts'

/** A question, with all that a thread needs to answer it. */
export interface Question {
  /** Milliseconds since the epoch, bounds of `classifiedAt`. */
  since: number
  until: number
  /** Only purchases of this owner; undefined: all. */
  owner: string | undefined
}

const DAY_MS = 86_400_000
// Some hundred a minute of an hour: enough for each cause of note. They stay in memory with their stages.
export const MOST_NOW = 40_000
/** Decides on what is new: more takes longer and names no cause sooner. See docs/measurements/insights.md. */
export const MOST_BEFORE = 120_000

/** Reads the purchases of a period; those of the day before are read when they are iterated over. */
export function readPurchases(
  sampler: Pick<ReturnType<typeof openSampler>, 'read' | 'each'>,
  { since, until, owner }: Question,
  isCancelled: () => boolean,
): Omit<Reading, 'timeZone'> {
  const beforeSince = since - DAY_MS
  const meant = { kinds: 'notified', owner, isCancelled } as const
  const nameOf = keepNames()
  const { items: now, ofAbout } = sampler.read({ ...meant, since, until, most: MOST_NOW }, (json) =>
    toPurchase(json, nameOf),
  )
  const before = sampler
    .each({ ...meant, since: beforeSince, until: since, most: MOST_BEFORE })
    .map((json) => toPurchase(json))
  const sampled = ofAbout === undefined ? undefined : { of: ofAbout, read: now.length }
  return { since, until, beforeSince, now, before, sampled }
}

/** Keeps each name once: tens of thousands of purchases have few of them. */
function keepNames(): (name: string) => string {
  const names = new Map<string, string>()
  return function nameOf(name) {
    const known = names.get(name) ?? name
    names.set(name, known)
    return known
  }
}

function toPurchase(json: Uint8Array, nameOf = (name: string) => name): Purchase {
  const { eventId, kind, checkout, receivedAt } = parseOutcome(json)
  // A purchase with faults is neither quick nor slow, but unverified.
  const { taps, productovisto, ubicacion, recorrido = [] } = checkout as Checkout
  const minutes = taps ?? 0
  // One stage that is said to have taken years would decide on all means.
  const toStageTime = ({ etapa, segundos, error }: Stage): StageTime => ({
    stage: nameOf(etapa),
    seconds: Math.min(segundos, minutes * 60),
    error: error === undefined ? undefined : nameOf(error),
  })
  return {
    eventId,
    at: Date.parse(receivedAt),
    isSlow: kind === 'slow',
    minutes,
    product: nameOf(productovisto),
    city: nameOf(ubicacion.ciudad),
    stages: recorrido.map(toStageTime),
  }
}
