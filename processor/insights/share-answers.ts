import { createReadQueue } from '../../backbone/http/read-queue.ts'
import type { SlowPurchases } from '../../backbone/insights/slow-purchases.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { orAborted } from '../../backbone/process/or-aborted.ts'
import type { Question } from './read-purchases.ts'

/** A question as it was asked: without times it is about the last day. */
export interface Asked extends Pick<Question, 'owner'> {
  since?: number | undefined
  until?: number | undefined
}

interface Options {
  /** Undefined once the signal is aborted. */
  answer: (question: Question, signal: AbortSignal) => Promise<SlowPurchases | undefined>
  /** Milliseconds since the epoch. */
  now: () => number
  /** How long an answer is given again. */
  freshMs?: number
  /** Longest time of one answer. */
  withinMs?: number
}

interface Computation {
  answer: Promise<SlowPurchases | undefined>
  waiting: number
  cancel: AbortController
}

const DAY_MS = 86_400_000
const MOST_WAITING = 4

/**
 * Answers one question at a time, equal ones once: each reads many outcomes and takes a core. A question that nobody
 * waits for any more is cancelled.
 */
export function shareAnswers({ answer, now, freshMs = 5_000, withinMs = 25_000 }: Options) {
  const computations = new Map<string, Computation>()
  const enqueue = createReadQueue(MOST_WAITING, (reads) => `${reads} other questions are being answered`)

  async function compute(question: Question, cancel: AbortController) {
    if (cancel.signal.aborted) return undefined
    const timer = setTimeout(() => cancel.abort(), withinMs)
    try {
      return await answer(question, cancel.signal)
    } finally {
      clearTimeout(timer)
    }
  }

  function begin(key: string, question: Question): Computation {
    const cancel = new AbortController()
    const computed = enqueue(cancel.signal, () => compute(question, cancel))
    const computation = { answer: computed, waiting: 0, cancel }
    const forget = () => computations.get(key) === computation && computations.delete(key)
    computations.set(key, computation)
    computed.then((result) => (result === undefined ? forget() : setTimeout(forget, freshMs).unref()), forget)
    cancel.signal.addEventListener('abort', forget)
    return computation
  }

  /** Throws `results-unavailable`, and `invalid-request` if the period is not in the past. */
  return async function ask(asked: Asked, signal: AbortSignal): Promise<SlowPurchases> {
    const key = JSON.stringify([asked.since, asked.until, asked.owner])
    const computation = computations.get(key) ?? begin(key, questionOf(asked, now()))
    computation.waiting++
    try {
      await orAborted(computation.answer, signal)
      const result = signal.aborted ? undefined : await computation.answer
      if (result === undefined) throw tookTooLong()
      return result
    } finally {
      computation.waiting--
      if (computation.waiting === 0 && signal.aborted) computation.cancel.abort()
    }
  }
}

function questionOf({ since, until, owner }: Asked, now: number): Question {
  const end = Math.min(until ?? now, now)
  const begins = since ?? end - DAY_MS
  if (begins >= end) throw new ProblemError('invalid-request', { detail: 'since must be in the past' })
  return { since: begins, until: end, owner }
}

const tookTooLong = () =>
  new ProblemError('results-unavailable', { detail: 'the answer took too long; retry, or ask for less time' })
