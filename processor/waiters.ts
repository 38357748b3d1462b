/** Those who wait for something to be true of the view, and are told when it may have become so. */
export function createWaiters() {
  const waiting = new Set<() => void>()

  return {
    wake() {
      for (const check of waiting) check()
    },

    /** Resolves with the first defined answer of `probe`, or undefined after `timeoutMs` or when one of `signals` aborts. */
    until<T>(
      probe: () => T | undefined,
      timeoutMs: number,
      ...signals: AbortSignal[]
    ): Promise<T | undefined> {
      return new Promise((resolve) => {
        let timer: ReturnType<typeof setTimeout> | undefined
        const settle = (value: T | undefined) => {
          waiting.delete(check)
          clearTimeout(timer)
          for (const signal of signals) signal.removeEventListener('abort', onAbort)
          resolve(value)
        }
        const onAbort = () => settle(undefined)
        const check = () => {
          const value = probe()
          if (value !== undefined) settle(value)
        }
        if (signals.some(({ aborted }) => aborted)) return settle(undefined)
        waiting.add(check)
        timer = setTimeout(settle, timeoutMs, undefined)
        for (const signal of signals) signal.addEventListener('abort', onAbort)
        check()
      })
    },
  }
}
