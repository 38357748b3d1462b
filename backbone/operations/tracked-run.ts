import type { MemberFigures } from '../figures/member-figures.ts'

/** One start of a process, as its figures show it. Times are of the clock of the process that adds the figures up, unless they say otherwise. */
export interface TrackedRun {
  latest: MemberFigures
  lastSeenAt: number
  startedAt: number
  /** It started while the figures were followed, so its counts were 0 before its first record. */
  countedFromZero: boolean
  hasBeenReady: boolean
  isSilent: boolean
  isListed: boolean
  /** The figures of the last seconds, the newest last. */
  samples: MemberFigures[]
}

/** What a run did in a time by its own clock, so that neither delays nor lost records change a rate. */
export interface Stretch {
  now: MemberFigures
  /** Undefined: the start of the run, when all counts were 0. */
  before: MemberFigures | undefined
  seconds: number
}

const KEPT_MS = 15_000
/** A clock that is as wrong is corrected. Otherwise all processes say the same, however long figures take to reach them. */
const WRONG_CLOCK_MS = 10_000

export function trackRun(
  first: MemberFigures,
  lastSeenAt: number,
  /** All runs that started since are known. */
  followedSince: number,
): TrackedRun {
  const byOwnClock = lastSeenAt - (first.at - first.startedAt)
  return {
    latest: first,
    lastSeenAt,
    startedAt: Math.abs(byOwnClock - first.startedAt) < WRONG_CLOCK_MS ? first.startedAt : byOwnClock,
    countedFromZero: byOwnClock >= followedSince,
    hasBeenReady: isReady(first),
    isSilent: false,
    isListed: true,
    samples: [first],
  }
}

/** Adds newer figures of a run. */
export function addSample(run: TrackedRun, figures: MemberFigures, lastSeenAt: number): void {
  run.latest = figures
  run.lastSeenAt = lastSeenAt
  run.hasBeenReady ||= isReady(figures)
  run.samples.push(figures)
  // One that is older than all windows stays: it is where the longest window begins.
  while ((run.samples[1]?.at ?? Number.POSITIVE_INFINITY) <= figures.at - KEPT_MS) run.samples.shift()
}

export function stretchOf({ latest, samples, countedFromZero }: TrackedRun, windowMs: number): Stretch {
  const from = latest.at - windowMs
  const known = samples.findLast(({ at }) => at <= from)
  const before = known ?? (countedFromZero ? undefined : samples[0])
  return { now: latest, before, seconds: (latest.at - (before?.at ?? latest.startedAt)) / 1_000 }
}

export const isReady = ({ faults }: MemberFigures): boolean => faults.every(({ status }) => status !== 'fail')

/** Per second; 0 if the stretch has no length. */
export const perSecond = (count: number, { seconds }: Stretch): number => (seconds > 0 ? count / seconds : 0)

export const isStopped = ({ latest }: TrackedRun): boolean => latest.ends === true

export const isAlive = (run: TrackedRun): boolean => !run.isSilent && !isStopped(run)
