import type { Logger } from 'pino'
import {
  answeringOf,
  createMember,
  describeSilent,
  isAbandoned,
  leaveAbandoned,
  type PoolMember,
} from './pool-member.ts'
import { createRoundRobin } from './round-robin.ts'

// A processor that cannot serve now (503) or refuses connections is asked last for this long.
const FAILED_MS = 1_000

export type ProcessorPool = ReturnType<typeof createProcessorPool>

interface PoolOptions {
  urls: readonly string[]
  /** A processor that answered before does so no longer, or does so again. */
  onChange?: (url: string, answers: boolean) => void
  log: Logger
  now?: () => number
}

/** The processors that serve results, and whether each can be asked. */
export function createProcessorPool({
  urls,
  onChange = () => undefined,
  log,
  now = () => performance.now(),
}: PoolOptions) {
  const members = new Map(urls.map((url) => [url, createMember(url)]))
  const all = [...members.values()]
  let probeSuspect: ((url: string) => void) | undefined

  return {
    urls: [...members.keys()],

    /** The processors to ask, in order. */
    next: createRoundRobin(all, now),

    /** The processor answered a read, with any status. */
    answered(url: string) {
      const member = members.get(url)
      if (member) member.answeredAt = now()
    },

    /** The processor refused a read or could not be reached. */
    failed(url: string) {
      const member = members.get(url)
      if (member) member.failedUntil = now() + FAILED_MS
    },

    /** A read sent at `sentAt` has no answer yet. Slow reads alone do not make the processor suspect. */
    late(url: string, sentAt: number) {
      const member = members.get(url)
      if (!member || member.suspected || member.answeredAt > sentAt) return
      member.suspected = true
      probeSuspect?.(url)
    },

    /** The result of a probe; `answers` false takes the processor out. */
    probed(url: string, answers: boolean) {
      const member = members.get(url)
      if (member) recordProbe(member, answers, { all, onChange, log, now })
    },

    /** Sets the function that probes a suspected processor immediately. */
    onSuspect(probe: (url: string) => void) {
      probeSuspect = probe
    },

    /**
     * Calls `leave` once, never synchronously, when this processor is out and another one responds. Returns a
     * function that removes the callback.
     */
    whenAbandoned(url: string, leave: () => void): () => void {
      const member = members.get(url)
      if (!member) return () => undefined
      if (isAbandoned(member, all)) {
        queueMicrotask(leave)
        return () => undefined
      }
      member.leaving.add(leave)
      return () => member.leaving.delete(leave)
    },

    /** Whether each answers its probes. */
    states: () => all.map(({ url, answers }) => ({ url, answers })),

    answering: () => answeringOf(all).length,

    fault: () => describeSilent(all),
  }
}

interface Pool extends Required<Pick<PoolOptions, 'onChange' | 'log' | 'now'>> {
  all: readonly PoolMember[]
}

function recordProbe(member: PoolMember, answers: boolean, { all, onChange, log, now }: Pool) {
  if (answers) {
    member.suspected = false
    member.answeredAt = now()
  }
  if (member.answers !== answers) {
    member.answers = answers
    logChange(member, all, log)
    if (member.hasAnswered) onChange(member.url, answers)
    leaveAbandoned(all)
  }
  member.hasAnswered ||= answers
}

function logChange({ url, answers, hasAnswered }: PoolMember, all: readonly PoolMember[], log: Logger) {
  const facts = { processor: url, answering: answeringOf(all).length, processors: all.length }
  if (answers) log.info(facts, `Processor ${url} responds: it serves reads`)
  // Not a warning while they start together.
  else if (!hasAnswered) log.info(facts, `Processor ${url} does not respond yet`)
  else log.warn(facts, `Processor ${url} does not respond: reads go to the others`)
}
