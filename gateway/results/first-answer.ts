interface Attempt<Answer> {
  /** Undefined: it has none, ask another. */
  answer: Promise<Answer | undefined>
  cancel: () => void
}

interface Race<Answer> {
  /** In the order to ask them; each is asked twice at most, since a kept connection may have been closed just now. */
  candidates: readonly string[]
  ask: (candidate: string) => Attempt<Answer>
  /** False: ask no more, take what those that were asked say. */
  mayAsk: () => boolean
  /** How long from now an answer may take before another is asked too. */
  hedgeAfterMs: () => number
  /** The answer of this one takes too long; whether another may be asked too. */
  mayHedge: (candidate: string) => boolean
  /** For an answer that came too late. */
  discard: (answer: Answer) => void
}

/**
 * The first answer of several instances, or undefined when none has one. The next is asked when one has none, and, as a
 * hedge, when an answer takes too long. Those that lose are cancelled.
 */
export function firstAnswer<Answer>(race: Race<Answer>): Promise<Answer | undefined> {
  const { candidates, ask, mayAsk, hedgeAfterMs, mayHedge, discard } = race
  const { promise, resolve } = Promise.withResolvers<Answer | undefined>()
  const rest = [...candidates, ...candidates]
  const asked = new Map<string, Attempt<Answer>>()
  let isSettled = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function settle(answer: Answer | undefined) {
    isSettled = true
    clearTimeout(timer)
    resolve(answer)
    for (const { cancel } of asked.values()) cancel()
  }

  function onAnswer(candidate: string, answer: Answer | undefined) {
    asked.delete(candidate)
    if (isSettled) {
      if (answer !== undefined) discard(answer)
    } else if (answer !== undefined) settle(answer)
    else if (!askNext() && asked.size === 0) settle(undefined)
  }

  function askNext(): boolean {
    const index = rest.findIndex((candidate) => !asked.has(candidate))
    const candidate = rest[index]
    if (candidate === undefined || !mayAsk()) return false
    rest.splice(index, 1)
    const attempt = ask(candidate)
    asked.set(candidate, attempt)
    attempt.answer.then(
      (answer) => onAnswer(candidate, answer),
      () => onAnswer(candidate, undefined),
    )
    hedgeLater(candidate)
    return true
  }

  function hedgeLater(candidate: string) {
    clearTimeout(timer)
    if (rest.every((other) => asked.has(other))) return
    // After the answers that have arrived: where this process was held up, timers are late before sockets are read.
    timer = setTimeout(() => setImmediate(hedge, candidate), hedgeAfterMs())
  }

  function hedge(candidate: string) {
    if (isSettled || !asked.has(candidate)) return
    if (!mayHedge(candidate) || !askNext()) hedgeLater(candidate)
  }

  if (!askNext()) settle(undefined)
  return promise
}
