import type { SlowCause, SlowPurchases } from '../../backbone/insights/slow-purchases.ts'
import { findRaisedSpan } from './change-point.ts'
import { describeDifferences } from './describe-differences.ts'
import { english } from './describe-in-english.ts'
import { spanish } from './describe-in-spanish.ts'
import { type Cause, candidatesTested, findCauses, LEAST_EXPOSED_BEFORE, RECENT_MS } from './find-causes.ts'
import { keepFrequentNames } from './frequent-names.ts'
import { riskRatio, shares } from './intervals.ts'
import type { Purchase } from './purchase.ts'
import { compareStages, slowestStage } from './stage-times.ts'
import { createStoreTime } from './store-time.ts'
import { type Counts, createTally, difference, one, type Tally } from './tally.ts'
import { type Candidate, createTraits, type Traits } from './traits.ts'
import { writeParagraph } from './write-paragraph.ts'

/** The purchases of a period and of the time before it. */
export interface Reading {
  /** Milliseconds since the epoch, like all times here. */
  since: number
  until: number
  beforeSince: number
  now: readonly Purchase[]
  /** Iterated over once: they need not be in memory together. */
  before: Iterable<Purchase>
  /** Undefined if all were read. */
  sampled: { of: number; read: number } | undefined
  timeZone: string
}

/** As much of a purchase as is counted. */
interface Seen extends Pick<Purchase, 'at' | 'isSlow'> {
  traits: Traits
}

/** A purchase that may be an example. */
interface SeenNow extends Seen {
  purchase: Purchase
}

/** Fewer do not say what is usual. */
const LEAST_BEFORE = 200
const MOST_EXAMPLES = 5

/** Why purchases were slow. */
export function analyse(reading: Reading): SlowPurchases {
  const time = createStoreTime(reading.timeZone)
  const traitsOf = createTraits(time.hourOf)
  const keep = keepFrequentNames(reading.now)
  const purchases = reading.now.map(keep)
  const see = (purchase: Purchase): Seen => {
    const { at, isSlow } = purchase
    return { at, isSlow, traits: traitsOf(purchase) }
  }
  const now = purchases.map((purchase): SeenNow => ({ ...see(purchase), purchase }))
  const before = Array.from(reading.before, (purchase) => see(keep(purchase)))
  const knowsBefore = before.length >= LEAST_BEFORE
  const { since, until } = reading
  const recent = now.filter(({ at }) => at >= until - RECENT_MS)
  const tallies = {
    now: tally(now),
    recent: until - since >= 2 * RECENT_MS ? tally(recent) : undefined,
    before: knowsBefore ? tally(before) : undefined,
  }
  const causes = findCauses(tallies)
  const stages = compareStages(purchases)
  const facts = {
    since: iso(since),
    until: iso(until),
    timeZone: reading.timeZone,
    purchases: shares(count(now)),
    before: knowsBefore ? { since: iso(reading.beforeSince), ...shares(count(before)) } : null,
    sampled: reading.sampled ?? null,
    staged: now.filter(({ traits }) => traits.isStaged).length,
    stages,
    causes: causes.map((cause) => describeCause(cause, { ...reading, now, before, tallies, stages })),
    differences: describeDifferences(tallies, causes),
    candidates: candidatesTested(tallies.now),
  }
  const overall = slowestStage(
    purchases.filter(({ isSlow }) => isSlow),
    stages,
  )
  return {
    ...facts,
    text: {
      en: writeParagraph(english, facts, overall, time),
      es: writeParagraph(spanish, facts, overall, time),
    },
  }
}

const iso = (at: number): string => new Date(at).toISOString()

function tally(purchases: readonly Seen[]): Tally {
  const counted = createTally()
  for (const { traits, isSlow } of purchases) counted.add(traits, one(isSlow))
  return counted
}

const count = (purchases: readonly Seen[]): Counts => ({
  of: purchases.length,
  slow: purchases.reduce((sum, { isSlow }) => sum + (isSlow ? 1 : 0), 0),
})

interface Context {
  since: number
  until: number
  beforeSince: number
  now: readonly SeenNow[]
  before: readonly Seen[]
  tallies: { before: Tally | undefined }
  stages: SlowPurchases['stages']
}

function describeCause({ candidate, chance }: Cause, context: Context): SlowCause {
  const { now, before, tallies, stages } = context
  const has = ({ traits }: Seen) => traits.candidates.includes(candidate)
  const isExposed = exposedTo(candidate)
  const isComparable = ({ traits }: Seen) => !candidate.arisen || traits.isStaged
  const trials = [...before, ...now].filter(isExposed).map((seen) => ({
    at: seen.at,
    hit: seen.isSlow && has(seen),
  }))
  const from = tallies.before ? context.beforeSince : context.since
  const span = findRaisedSpan(trials, from, context.until)
  const until = span?.until ?? context.until
  // A cause of which only the end is in the period is described by all of it.
  const began = span?.from ?? Number.NEGATIVE_INFINITY
  const during = now.filter(({ at }) => at < until && at >= began)
  const described = during.some(has) ? during : now
  const its = described.filter(has)
  const among = described.filter(isExposed)
  const compared = candidate.arisen && !candidate.background ? its : among
  const others = difference(count(described.filter(isComparable)), count(compared))
  const slow = its.map(({ purchase }) => purchase).filter(({ isSlow }) => isSlow)
  return {
    traits: [...candidate.traits],
    since: span ? iso(span.from) : null,
    until: span?.until === undefined ? null : iso(span.until),
    isComparedWithBefore: (tallies.before?.exposed(candidate).of ?? 0) >= LEAST_EXPOSED_BEFORE,
    during: shares(count(its)),
    among: shares(count(among)),
    lift: riskRatio(count(compared), others) ?? null,
    stage: slowestStage(slow, stages),
    chance,
    examples: slow
      .toSorted((a, b) => b.at - a.at)
      .slice(0, MOST_EXAMPLES)
      .map(({ eventId }) => eventId),
  }
}

/** The purchases that a candidate could have been seen in: see `exposed` of a tally. */
function exposedTo({ background, arisen }: Candidate): (purchase: Seen) => boolean {
  return ({ traits }) =>
    (arisen === undefined || traits.isStaged) &&
    (background === undefined ||
      [traits.product, traits.city, traits.hour].some((trait) => trait === background))
}
