import { listPartitions } from '../figures/list-partitions.ts'
import type { GatewayFigures } from '../figures/member-figures.ts'
import { isInactive, type MemberState, type PartitionLag, type SystemState } from './system-state.ts'
import type { Verdict, VerdictCode, VerdictDetails } from './verdict.ts'

/** What holds at one moment; remember-verdicts.ts makes verdicts of it. */
export type Condition = {
  [Code in VerdictCode]: {
    /** Conditions with the same key are one verdict, which may change its code but not its kind of details. */
    key: string
    code: Code
    level: Verdict['level']
    details: VerdictDetails[Code]
    /** When it began, where that is known better than by when it was first found. */
    since?: number
  }
}[VerdictCode]

export interface Evidence {
  now: number
  state: Pick<SystemState, 'from' | 'partial' | 'checkouts' | 'members' | 'partitions' | 'lag' | 'kafka'>
  /** Since when Kafka has not answered this process; undefined while it does, or is not queried. */
  kafkaFailingSince: number | undefined
  /** No figures arrive, not even those of this process: nothing is known about the others. */
  isInterrupted: boolean
  /** Figures have arrived for so long that a member without any is silent. */
  isStable: boolean
  /** What Kafka has refused, by run: texts that the failing check has, too, until it is over. */
  refusals: ReadonlyMap<string, readonly string[]>
  /** Of the gateways that are not silent. */
  gateways: readonly GatewayFigures[]
}

/** It takes less until another broker leads. */
export const KAFKA_FAILS_MS = 5_000
const LAG_SECONDS = 5
/** Nobody waits as long while Kafka is well. */
const WAIT_MS = 1_000
/** A single checkout may be slow by itself. */
const LONE_WAIT_MS = 2_500

const isAlive = (member: MemberState) => !isInactive(member)
const failing = ({ faults }: MemberState) => faults.find(({ status }) => status === 'fail')
const kafkaFault = ({ faults }: MemberState): string | undefined =>
  faults.find(({ check, status }) => check === 'kafka' && status === 'fail')?.detail

/** Kafka answers this member, but refuses what it needs. */
function isRefused(member: MemberState, refusals: Evidence['refusals']): boolean {
  const fault = kafkaFault(member)
  return fault !== undefined && (refusals.get(member.run) ?? []).some((text) => fault.includes(text))
}

/** All conditions but those about refused checkouts: see refused-checkouts.ts. */
export function findConditions(evidence: Evidence): Condition[] {
  const kafka = kafkaUnavailable(evidence)
  if (kafka.length > 0) return [...kafka, ...accessRefused(evidence)]
  return [
    ...belowMinIsr(evidence),
    ...checkoutsWait(evidence),
    ...processorsSilent(evidence),
    ...(evidence.isInterrupted ? noFigures(evidence) : lag(evidence)),
    ...(evidence.isStable ? [...silentMembers(evidence), ...unowned(evidence)] : []),
    ...accessRefused(evidence),
    ...unreadyMembers(evidence),
  ]
}

function kafkaUnavailable({ now, state, kafkaFailingSince, isInterrupted, refusals }: Evidence): Condition[] {
  const gateways = state.members.filter((member) => member.role === 'gateway' && isAlive(member))
  const cut = gateways.filter(
    (member) =>
      // One that starts has not reached Kafka yet.
      member.status === 'not-ready' && kafkaFault(member) !== undefined && !isRefused(member, refusals),
  )
  const allCut = cut.length > 0 && cut.length === gateways.length
  const unanswered =
    isInterrupted && kafkaFailingSince !== undefined && now - kafkaFailingSince >= KAFKA_FAILS_MS
      ? kafkaFailingSince
      : undefined
  if (!allCut && unanswered === undefined) return []
  const since = Math.min(unanswered ?? now, ...(allCut ? cut.map((member) => member.since) : []))
  return [
    {
      key: 'kafka-unavailable',
      code: 'kafka-unavailable',
      level: 'bad',
      details: { seconds: secondsFrom(since, now) },
      since,
    },
  ]
}

function belowMinIsr({ state: { kafka } }: Evidence): Condition[] {
  const [first] = kafka?.belowMinIsr ?? []
  if (!kafka || !first) return []
  const lost = kafka.brokers.filter(({ inSync, replicas }) => inSync < replicas).map(({ id }) => id)
  const details = { partitions: kafka.belowMinIsr.length, topic: first.topic, broker: lost.join(', ') }
  return [{ key: 'below-min-isr', code: 'below-min-isr', level: 'bad', details }]
}

function checkoutsWait({ now, gateways }: Evidence): Condition[] {
  const late = gateways
    .map(({ unanswered }) => unanswered)
    .filter(({ checkouts, oldestMs }) => oldestMs >= (checkouts > 1 ? WAIT_MS : LONE_WAIT_MS))
  if (late.length === 0) return []
  const records = late.reduce((sum, { checkouts }) => sum + checkouts, 0)
  const since = now - Math.max(...late.map(({ oldestMs }) => oldestMs))
  const details = { records, seconds: secondsFrom(since, now) }
  return [{ key: 'checkouts-wait', code: 'checkouts-wait', level: 'bad', details, since }]
}

function processorsSilent({ state, gateways }: Evidence): Condition[] {
  const seen = gateways.map(({ processors }) => processors).filter((ofGateway) => ofGateway.length > 0)
  const nobodyAnswers = seen.every((ofGateway) => ofGateway.every(({ answers }) => !answers))
  if (seen.length > 0 && nobodyAnswers) {
    const details = { processors: Math.max(...seen.map((ofGateway) => ofGateway.length)) }
    return [{ key: 'processors-silent', code: 'processors-silent', level: 'bad', details }]
  }
  if (!state.partial) return []
  // They answer, but cannot serve the state of the system yet.
  const answering = seen.map((ofGateway) => ofGateway.filter(({ answers }) => answers).length)
  if (seen.length === 0) return []
  const details = { processors: Math.max(...answering) }
  return [{ key: 'starting/processors', code: 'starting', level: 'warn', details }]
}

function silentMembers({ now, state: { members, partitions } }: Evidence): Condition[] {
  return members
    .filter(({ status }) => status === 'silent')
    .map(({ member, role, since }) => {
      const left = partitions.filter(({ owner, lastOwner }) => owner === null && lastOwner === member)
      const isOnly = !members.some((other) => other.role === role && isAlive(other))
      return {
        key: `silent/${role}/${member}`,
        code: 'member-silent',
        level: isOnly || left.length > 0 ? 'bad' : 'warn',
        details: { member, role, seconds: secondsFrom(since, now), partitions: listOf(left) },
        since,
      }
    })
}

function unowned({ state: { partitions } }: Evidence): Condition[] {
  const without = partitions.filter(({ owner }) => owner === null)
  if (without.length === 0) return []
  const records = without.reduce((sum, partition) => sum + (partition.records ?? 0), 0)
  const details = { partitions: listOf(without), records }
  return [{ key: 'partition-unowned', code: 'partition-unowned', level: 'bad', details }]
}

function lag({ now, state: { partitions, lag: whole } }: Evidence): Condition[] {
  const late = partitions.filter(({ seconds }) => (seconds ?? 0) >= LAG_SECONDS)
  const [slowest] = late.toSorted((a, b) => (b.seconds ?? 0) - (a.seconds ?? 0))
  if (slowest === undefined) return []
  const grows = late.some(({ trend }) => trend === 'grows')
  const seconds = Math.round(slowest.seconds ?? 0)
  return [
    {
      key: 'lag',
      code: grows ? 'lag-grows' : 'catching-up',
      level: 'warn',
      details: {
        member: slowest.owner ?? slowest.lastOwner ?? '',
        partitions: listOf(late),
        records: whole.records ?? 0,
        seconds,
        ...(grows || whole.clearedIn === null ? {} : { clearedIn: whole.clearedIn }),
      },
      since: now - seconds * 1_000,
    },
  ]
}

function accessRefused({ state: { members }, refusals }: Evidence): Condition[] {
  return members
    .filter((member) => isAlive(member) && isRefused(member, refusals))
    .map((member) => ({
      key: `refused/${member.role}/${member.member}`,
      code: 'access-refused',
      level: 'bad',
      details: { member: member.member, detail: kafkaFault(member) ?? '' },
    }))
}

function unreadyMembers({ state: { members, from, partial }, refusals }: Evidence): Condition[] {
  const conditions: Condition[] = members
    .filter(
      (member) =>
        (member.status === 'starting' || member.status === 'not-ready') && !isRefused(member, refusals),
    )
    .map((member) => {
      const { check = '', detail = '' } = failing(member) ?? {}
      const code = member.status === 'starting' ? 'starting' : 'not-ready'
      const details = { member: member.member, check, detail }
      return { key: `${code}/${member.role}/${member.member}`, code, level: 'warn', details }
    })
  if (!partial && !members.some(({ role }) => role === 'gateway'))
    conditions.push(notReady(from, 'gateways', 'no gateway publishes figures'))
  return conditions
}

const noFigures = ({ state: { from } }: Evidence): Condition[] => [
  notReady(from, 'figures', 'no figures arrive from Kafka'),
]

const notReady = (member: string, check: string, detail: string): Condition => ({
  key: `not-ready/${check}`,
  code: 'not-ready',
  level: 'warn',
  details: { member, check, detail },
})

const listOf = (partitions: readonly PartitionLag[]): string =>
  listPartitions(partitions.map(({ partition }) => partition))

const secondsFrom = (since: number, now: number): number => Math.max(0, Math.round((now - since) / 1_000))
