/** Waits for conditions on the read model; each is tested again when it may have become true. */
export function createWaiters() {
  const waiting = new Set<() => void>()
  const waitingFor = new Map<string, Set<() => void>>()

  function join(check: () => void, customer: string | undefined): () => void {
    if (customer === undefined) {
      waiting.add(check)
      return () => waiting.delete(check)
    }
    const others = waitingFor.get(customer) ?? new Set()
    waitingFor.set(customer, others.add(check))
    return () => {
      others.delete(check)
      if (others.size === 0) waitingFor.delete(customer)
    }
  }

  return {
    /** Wakes all. */
    wake() {
      runChecks(waiting)
      for (const checks of waitingFor.values()) runChecks(checks)
    },

    /** Wakes those that wait for one of these customers, and those that wait without a customer. */
    wakeFor(customers: Iterable<string>) {
      runChecks(waiting)
      if (waitingFor.size > 0) for (const customer of customers) runChecks(waitingFor.get(customer))
    },

    /**
     * Resolves with the first defined result of `probe`, or undefined after `timeoutMs` or when one of
     * `signals` aborts. With a `customer`, changes of other customers do not wake it: thousands wait for
     * their own.
     */
    until<T>(
      probe: () => T | undefined,
      timeoutMs: number,
      signals: readonly AbortSignal[],
      customer?: string,
    ): Promise<T | undefined> {
      return new Promise((resolve) => {
        if (signals.some(({ aborted }) => aborted)) return resolve(undefined)
        let timer: ReturnType<typeof setTimeout> | undefined
        const settle = (value: T | undefined) => {
          leave()
          clearTimeout(timer)
          for (const signal of signals) signal.removeEventListener('abort', onAbort)
          resolve(value)
        }
        const onAbort = () => settle(undefined)
        const check = () => {
          const value = probe()
          if (value !== undefined) settle(value)
        }
        const leave = join(check, customer)
        timer = setTimeout(settle, timeoutMs, undefined)
        for (const signal of signals) signal.addEventListener('abort', onAbort)
        check()
      })
    },
  }
}

function runChecks(checks: ReadonlySet<() => void> | undefined) {
  for (const check of checks ?? []) check()
}
