import type { FiguresRecord } from '../figures/member-figures.ts'
import { countTotals } from './count-totals.ts'
import { createEndSamples } from './end-samples.ts'
import { findConditions } from './find-conditions.ts'
import { keepForeseenExcess } from './foreseen-excess.ts'
import { keepAccessRefusals } from './keep-access-refusals.ts'
import { keepEvents } from './keep-events.ts'
import { keepKafkaState } from './keep-kafka-state.ts'
import { keepPoints, pointOf } from './keep-points.ts'
import { createMemberStates } from './member-states.ts'
import { createPartitionLags, sumLags, withoutLags } from './partition-lags.ts'
import { createRefusedCheckouts } from './refused-checkouts.ts'
import { rememberVerdicts } from './remember-verdicts.ts'
import { type Rates, sumRates, UNKNOWN_RATES } from './sum-rates.ts'
import type { KafkaState, OperationsHistory, OperationsTick, SystemState } from './system-state.ts'
import { trackLoad } from './track-load.ts'
import { trackMembers } from './track-members.ts'
import type { TrackedRun } from './tracked-run.ts'
import type { Verdict } from './verdict.ts'
import { watchReception } from './watch-reception.ts'
import { watchSilence } from './watch-silence.ts'

interface ModelOptions {
  /** The member that adds the figures up. */
  from: string
  /** It knows only its own figures. */
  partial: boolean
  /** Partitions that customers are spread over: they decide on the lane of each. */
  homePartitions: () => number
  /** From when all records are known, in milliseconds since the epoch. */
  followedSince: number
}

export type SystemModel = ReturnType<typeof createSystemModel>

/**
 * The state of the whole system from the figures of its members. The caller gives the time, so that what happened before it
 * was created can be replayed.
 */
export function createSystemModel({ from, partial, homePartitions, followedSince }: ModelOptions) {
  const { count, totals } = countTotals()
  const members = trackMembers(followedSince, count)
  const memberStates = createMemberStates()
  const reception = watchReception({ from, partial })
  const ends = createEndSamples()
  const partitionLags = createPartitionLags(homePartitions, ends)
  const refusedCheckouts = createRefusedCheckouts()
  const verdictsOf = rememberVerdicts()
  const events = keepEvents()
  const eventsOfSilence = watchSilence()
  const refusals = keepAccessRefusals()
  const load = trackLoad()
  const points = keepPoints()
  const foreseen = keepForeseenExcess()
  const kafka = keepKafkaState()

  function take(record: FiguresRecord, seenAt: number) {
    if (record.is === 'figures') members.take(record, seenAt)
    else if (record.is === 'load') load.take(record, seenAt)
    else {
      events.add(record)
      refusals.add(record)
    }
  }

  function stateWithoutVerdicts(now: number, rates: Rates): Omit<SystemState, 'verdicts'> {
    const listed = members.listed()
    const followed = partitionLags(listed, now)
    const partitions = reception.isInterrupted() ? withoutLags(followed) : followed
    return {
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
      kafka: kafka.stateAt(now),
      load: load.running(now),
    }
  }

  function verdictsAt(now: number, state: Omit<SystemState, 'verdicts'>): Verdict[] {
    const isStable = reception.isStable()
    const conditions = findConditions({
      now,
      state,
      kafkaFailingSince: kafka.failingSince(),
      isInterrupted: reception.isInterrupted(),
      isStable,
      refusals: refusals.byRun(),
      gateways: members.alive().flatMap(gatewayOf),
    })
    const refused = refusedCheckouts(state.checkouts?.perSecond ?? {}, state.members, isStable, now)
    return verdictsOf([...refused, ...conditions, ...foreseen.conditions(now)], now)
  }

  function addEventsOfSilence() {
    const derived = eventsOfSilence(members.all(), reception.lastRecordAt(), reception.isStable())
    for (const event of derived) events.add(event)
  }

  return {
    /** Figures of this process itself, or records of the topic that are new. */
    take,

    /** A record of the topic, and when it arrived or was written. */
    takeFromTopic(record: FiguresRecord, seenAt: number): void {
      take(record, seenAt)
      reception.received(record, seenAt)
    },

    /** Where DataTopic ended at a time, by partition. */
    sampleEnds: (at: number, byPartition: ReadonlyMap<number, number>): void => ends.add(byPartition, at),

    /** Null: Kafka answers, but was not queried for its brokers. */
    kafkaAnswers: (state: KafkaState | null): void => kafka.answered(state),
    kafkaFails: (at: number): void => kafka.failed(Math.max(at, reception.resumedAt() ?? at)),

    foresee: foreseen.foresee,

    lastTick: () => reception.lastTick(),

    /** Once a second. */
    tick(now: number): OperationsTick {
      const pausedMs = reception.tick(now)
      if (pausedMs !== 0) {
        members.shiftLastSeen(pausedMs)
        kafka.resume(now)
      }
      members.update(now)
      // This process gets its own figures also when it gets no others: they are not those of all.
      const rates = reception.isInterrupted() ? UNKNOWN_RATES : sumRates(members.alive())
      const known = stateWithoutVerdicts(now, rates)
      if (!partial) addEventsOfSilence()
      const state = { ...known, verdicts: verdictsAt(now, known) }
      const point = pointOf(state, rates, load.point())
      points.add(point)
      return { state, point, events: events.takeFresh() }
    },

    history: (): OperationsHistory => ({ points: points.all(), events: events.all() }),
  }
}

const gatewayOf = ({ latest: { gateway } }: TrackedRun) => (gateway ? [gateway] : [])
