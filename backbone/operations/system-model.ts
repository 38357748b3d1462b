import type { MemberEvent } from '../figures/member-event.ts'
import type { FiguresRecord } from '../figures/member-figures.ts'
import { answersOf } from './answer-rates.ts'
import { countTotals } from './count-totals.ts'
import { rounded, totalOf } from './counts.ts'
import { createEndSamples } from './end-samples.ts'
import { findConditions, KAFKA_FAILS_MS } from './find-conditions.ts'
import { keepEvents } from './keep-events.ts'
import { createMemberStates } from './member-states.ts'
import { createPartitionLags, sumLags, withoutLags } from './partition-lags.ts'
import { createRefusedCheckouts } from './refused-checkouts.ts'
import { rememberVerdicts } from './remember-verdicts.ts'
import { type Rates, sumRates } from './sum-rates.ts'
import type {
  HistoryPoint,
  KafkaState,
  OperationsHistory,
  OperationsTick,
  SystemState,
} from './system-state.ts'
import { trackLoad } from './track-load.ts'
import { SILENT_AFTER_MS, trackMembers } from './track-members.ts'
import { watchSilence } from './watch-silence.ts'

interface ModelOptions {
  /** The member that adds the figures up. */
  from: string
  /** It knows only its own figures. */
  partial: boolean
  /** Partitions that customers are spread over: they decide on the lane of each. */
  homePartitions: number
  /** From when all records are known, in milliseconds since the epoch. */
  followedSince: number
}

/** How much of the past the plots show. */
export const HISTORY_MS = 15 * 60_000
/** How often a state is made. */
export const TICK_MS = 1_000
const PAUSED_FROM_MS = 2_500
/** After an outage of Kafka, members publish again one after the other. */
const RECONNECTED_WITHIN_MS = 8_000
const MOST_REFUSALS = 10
const MOST_RUNS = 100

export type SystemModel = ReturnType<typeof createSystemModel>

/**
 * The state of the whole system from the figures of its members. The caller gives the time, so that what happened before it
 * was created can be replayed.
 */
export function createSystemModel({ from, partial, homePartitions, followedSince }: ModelOptions) {
  const { count, totals } = countTotals()
  const members = trackMembers(followedSince, count)
  const memberStates = createMemberStates()
  const ends = createEndSamples()
  const partitionLags = createPartitionLags(homePartitions, ends)
  const refusedCheckouts = createRefusedCheckouts()
  const verdictsOf = rememberVerdicts()
  const events = keepEvents()
  const eventsOfSilence = watchSilence()
  const refusals = new Map<string, string[]>()
  const load = trackLoad()
  let points: HistoryPoint[] = []
  let kafka: KafkaState | null = null
  let kafkaFailingSince: number | undefined
  let recordAt = Number.NEGATIVE_INFINITY
  let blindAt = Number.NEGATIVE_INFINITY
  let lastTick = Number.NEGATIVE_INFINITY
  /** When this process went on after a pause whose records it may not have read yet. */
  let resumedAt: number | undefined

  function takeEvent(event: MemberEvent) {
    events.add(event)
    if (event.code !== 'access-refused') return
    const { detail } = event.details
    refusals.set(event.run, [...(refusals.get(event.run) ?? []).slice(1 - MOST_REFUSALS), detail])
    const [oldest] = refusals.keys()
    if (refusals.size > MOST_RUNS && oldest !== undefined) refusals.delete(oldest)
  }

  function take(record: FiguresRecord, heardAt: number) {
    if (record.is === 'figures') members.take(record, heardAt)
    else if (record.is === 'event') takeEvent(record)
    else load.take(record, heardAt)
  }

  function excusePause(now: number) {
    const sinceTick = now - lastTick
    // This process was frozen, or its clock was moved.
    if ((sinceTick > PAUSED_FROM_MS || sinceTick < 0) && Number.isFinite(sinceTick)) {
      members.excuse(sinceTick - TICK_MS)
      recordAt += sinceTick - TICK_MS
      kafkaFailingSince = kafkaFailingSince && now
      resumedAt = now
    }
    if (resumedAt !== undefined && now - resumedAt > RECONNECTED_WITHIN_MS) resumedAt = undefined
  }

  /** Its own figures of after the pause are behind all records that it has missed. */
  function endPause(record: FiguresRecord) {
    if (resumedAt === undefined || record.is !== 'figures') return
    if (record.member === from && record.at >= resumedAt) resumedAt = undefined
  }

  /** This process hears itself also when it hears nobody else: that is not what all do. */
  const ratesOf = (isBlind: boolean): Rates =>
    isBlind ? { checkouts: null, outcomes: null, streams: null, latencyMs: null } : sumRates(members.alive())

  function stateAt(now: number, rates: Rates, isBlind: boolean): SystemState {
    const listed = members.listed()
    const followed = partitionLags(listed, now)
    const partitions = isBlind ? withoutLags(followed) : followed
    if (isBlind) blindAt = now
    const mayBlame = now - blindAt > RECONNECTED_WITHIN_MS
    if (!partial) for (const event of eventsOfSilence(members.all(), recordAt, mayBlame)) events.add(event)
    const state = {
      at: now,
      from,
      partial,
      checkouts: rates.checkouts,
      outcomes: rates.outcomes,
      streams: rates.streams,
      totals: totals(),
      members: memberStates(listed, now),
      partitions,
      leftOut: { partitions: 0, belowMinIsr: 0, underReplicated: 0 },
      lag: sumLags(partitions),
      kafka: now - (kafkaFailingSince ?? now) < KAFKA_FAILS_MS ? kafka : null,
      load: load.going(now),
    }
    const conditions = findConditions({
      now,
      state,
      kafkaFailingSince,
      isBlind,
      mayBlame,
      refusals,
      gateways: members.alive().flatMap(({ latest: { gateway } }) => (gateway ? [gateway] : [])),
    })
    const refused = refusedCheckouts(rates.checkouts?.perSecond ?? {}, state.members, mayBlame, now)
    return { ...state, verdicts: verdictsOf([...refused, ...conditions], now) }
  }

  return {
    /** Figures of this process itself, or records of the topic that are new. */
    take,

    /** A record of the topic, and when it arrived or was written. */
    takeFromTopic(record: FiguresRecord, heardAt: number): void {
      recordAt = heardAt
      take(record, heardAt)
      endPause(record)
    },

    /** Where DataTopic ended at a time, by partition. */
    sampleEnds: (at: number, byPartition: ReadonlyMap<number, number>): void => ends.add(byPartition, at),

    /** Null: Kafka answers, but was not asked about its brokers. */
    kafkaAnswers(state: KafkaState | null): void {
      kafka = state
      kafkaFailingSince = undefined
    },
    kafkaFails(now: number): void {
      kafkaFailingSince ??= Math.max(now, resumedAt ?? now)
    },

    lastTick: () => lastTick,

    /** Once a second. */
    tick(now: number): OperationsTick {
      excusePause(now)
      lastTick = now
      members.judge(now)
      const isBlind = !partial && (now - recordAt > SILENT_AFTER_MS || resumedAt !== undefined)
      const rates = ratesOf(isBlind)
      const state = stateAt(now, rates, isBlind)
      const point = pointOf(state, rates, load.point())
      // Later ones are of a clock that was set back.
      points = [...points.filter(({ at }) => at > now - HISTORY_MS && at < now), point]
      return { state, point, events: events.takeFresh() }
    },

    history: (): OperationsHistory => ({ points, events: events.all() }),
  }
}

function pointOf(
  { at, checkouts, outcomes, lag }: SystemState,
  rates: Rates,
  load: HistoryPoint['load'],
): HistoryPoint {
  const purchases = checkouts && answersOf('purchase', checkouts.perSecond)
  const visits = checkouts && answersOf('browse', checkouts.perSecond)
  return {
    at,
    purchases: roundedOrNull(purchases?.accepted),
    visits: roundedOrNull(visits?.accepted),
    refusedPurchases: roundedOrNull(purchases?.refused),
    refusedVisits: roundedOrNull(visits?.refused),
    p50: rates.latencyMs?.p50 ?? null,
    p99: rates.latencyMs?.p99 ?? null,
    outcomes: outcomes && rounded(totalOf(outcomes.perSecond)),
    delayP50: outcomes?.delayMs?.p50 ?? null,
    delayP99: outcomes?.delayMs?.p99 ?? null,
    lagRecords: lag.records,
    lagSeconds: lag.seconds,
    load,
  }
}

const roundedOrNull = (value: number | undefined): number | null =>
  value === undefined ? null : rounded(value)
