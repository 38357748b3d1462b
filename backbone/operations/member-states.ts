import { rounded, totalOf } from './counts.ts'
import { cpuOf, gatewayRates, mergeLanes, percentilesOf, processorRates } from './run-rates.ts'
import { isInactive, type MemberState } from './system-state.ts'
import { isAlive, isReady, isStopped, type TrackedRun } from './tracked-run.ts'

const LONGEST_START_MS = 60_000

/** The members of the list, with since when each has its status. */
export function createMemberStates() {
  let known = new Map<string, { status: MemberState['status']; since: number }>()

  return (listed: readonly TrackedRun[], now: number): MemberState[] => {
    const current: typeof known = new Map()
    const states = listed.map((run) => {
      const status = statusOf(run, now)
      const before = known.get(run.latest.run)
      const since = before?.status === status ? before.since : beganAt(run, status, now)
      current.set(run.latest.run, { status, since })
      return stateOf(run, status, since)
    })
    known = current
    return states
  }
}

function statusOf(run: TrackedRun, now: number): MemberState['status'] {
  if (isStopped(run)) return 'stopped'
  if (run.isSilent) return 'silent'
  if (isReady(run.latest)) return 'ok'
  return !run.hasBeenReady && now - run.startedAt < LONGEST_START_MS ? 'starting' : 'not-ready'
}

function beganAt({ lastSeenAt, startedAt }: TrackedRun, status: MemberState['status'], now: number): number {
  if (isInactive({ status })) return lastSeenAt
  return status === 'starting' ? startedAt : now
}

function stateOf(run: TrackedRun, status: MemberState['status'], since: number): MemberState {
  const { latest, lastSeenAt, startedAt } = run
  return {
    member: latest.member,
    run: latest.run,
    role: latest.role,
    status,
    lastAt: lastSeenAt,
    since,
    startedAt,
    memoryBytes: latest.memoryBytes,
    cpu: isAlive(run) ? cpuOf(run) : 0,
    faults: latest.faults,
    ...gatewayOf(run),
    ...processorOf(run),
  }
}

function gatewayOf(run: TrackedRun): Pick<MemberState, 'gateway'> {
  const { gateway } = run.latest
  if (gateway === undefined) return {}
  const { answers, latency } = gatewayRates(run)
  const perSecond = Object.values(answers).reduce((sum, counts) => sum + totalOf(counts), 0)
  const { inFlight, limit, waiting } = gateway
  return {
    gateway: {
      perSecond: isAlive(run) ? rounded(perSecond) : 0,
      p99: percentilesOf(mergeLanes(latency))?.p99 ?? null,
      inFlight,
      limit,
      waiting,
    },
  }
}

function processorOf(run: TrackedRun): Pick<MemberState, 'processor'> {
  const { processor } = run.latest
  if (processor === undefined) return {}
  const { readModelLag, streams, servesResults } = processor
  return {
    processor: {
      perSecond: isAlive(run) ? rounded(totalOf(processorRates(run).outcomes)) : 0,
      partitions: processor.partitions.map(({ partition }) => partition).toSorted((a, b) => a - b),
      readModelLag,
      streams,
      servesResults,
    },
  }
}
