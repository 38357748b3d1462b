interface Attempt<Answer> {
  /** Resolves with undefined if this instance has no answer. */
  answer: Promise<Answer | undefined>
  cancel: () => void
}

interface Race<Answer> {
  /**
   * In order of preference. Each is asked at most twice, because a kept connection may just have been closed.
   */
  candidates: readonly string[]
  ask: (candidate: string) => Attempt<Answer>
  /** False: start no more requests, and wait for those in flight. */
  mayAsk: () => boolean
  /** How long to wait for an answer, from now, before another instance is also asked. */
  hedgeAfterMs: () => number
  /** This instance is slow; returns whether another may also be asked. */
  mayHedge: (candidate: string) => boolean
  /** Disposes of an answer that lost the race. */
  discard: (answer: Answer) => void
}

/**
 * The first answer of several instances, or undefined if none has one. The next instance is asked if one has
 * no answer, and also, as a hedge, if an answer is slow. Requests that lose are cancelled.
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
    // Runs after pending answers: after a delay of this process, timers run before sockets are read.
    timer = setTimeout(() => setImmediate(hedge, candidate), hedgeAfterMs())
  }

  function hedge(candidate: string) {
    if (isSettled || !asked.has(candidate)) return
    if (!mayHedge(candidate) || !askNext()) hedgeLater(candidate)
  }

  if (!askNext()) settle(undefined)
  return promise
}
