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
// Some hundred a minute of an hour: enough for each cause of note. They are read within seconds and take some 150 MiB:
// see docs/measurements/insights.md.
export const MOST_NOW = 40_000
/** Of both periods: a short one leaves more for the day before, which decides as much on what is new. */
export const MOST_READ = 60_000

/** Reads the purchases of a period and of the day before it. */
export function readPurchases(
  sampler: Pick<ReturnType<typeof openSampler>, 'read'>,
  { since, until, owner }: Question,
  isCancelled: () => boolean,
): Omit<Reading, 'timeZone'> {
  const beforeSince = since - DAY_MS
  const toPurchase = createPurchaseReader()
  const read = (from: number, end: number, most: number) =>
    sampler.read({ kinds: 'notified', owner, since: from, until: end, most, isCancelled }, toPurchase)
  const { items: now, ofAbout } = read(since, until, MOST_NOW)
  const { items: before } = read(beforeSince, since, MOST_READ - now.length)
  const sampled = ofAbout === undefined ? undefined : { of: ofAbout, read: now.length }
  return { since, until, beforeSince, now, before, sampled }
}

/** Keeps each name once: a hundred thousand purchases have few of them. */
function createPurchaseReader() {
  const names = new Map<string, string>()
  function nameOf(name: string): string {
    const known = names.get(name) ?? name
    names.set(name, known)
    return known
  }

  // One stage that is said to have taken years would decide on all means.
  const toStageTime = (longest: number, { etapa, segundos, error }: Stage): StageTime => ({
    stage: nameOf(etapa),
    seconds: Math.min(segundos, longest),
    error: error === undefined ? undefined : nameOf(error),
  })

  return function toPurchase(json: Uint8Array): Purchase {
    const { eventId, kind, checkout, receivedAt } = parseOutcome(json)
    // A purchase with faults is neither quick nor slow, but unverified.
    const { taps, productovisto, ubicacion, recorrido = [] } = checkout as Checkout
    return {
      eventId,
      at: Date.parse(receivedAt),
      isSlow: kind === 'slow',
      minutes: taps ?? 0,
      product: nameOf(productovisto),
      city: nameOf(ubicacion.ciudad),
      stages: recorrido.map((stage) => toStageTime((taps ?? 0) * 60, stage)),
    }
  }
}
