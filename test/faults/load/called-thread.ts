import { Worker } from 'node:worker_threads'

/** The functions of a thread. */
export type Calls = Record<string, (...args: never[]) => unknown>

export interface Call {
  id: number
  name: string
  args: unknown[]
}

export interface Reply {
  id: number
  answer: unknown
}

/**
 * A worker thread whose functions are called from here. After it has failed, every call rejects with the
 * reason.
 */
export function startCalledThread<ThreadCalls extends Calls>(file: URL, workerData: unknown) {
  const thread = new Worker(file, { workerData })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let failure: Error | undefined
  let made = 0

  function fail(reason: Error) {
    failure ??= reason
    for (const { reject } of waiting.values()) reject(failure)
    waiting.clear()
  }

  thread.on('error', fail)
  thread.on('exit', () => fail(new Error('the thread has ended')))
  thread.on('message', ({ id, answer }: Reply) => {
    waiting.get(id)?.resolve(answer)
    waiting.delete(id)
  })

  return {
    async call<Name extends keyof ThreadCalls & string>(
      name: Name,
      ...args: Parameters<ThreadCalls[Name]>
    ): Promise<Awaited<ReturnType<ThreadCalls[Name]>>> {
      if (failure) throw failure
      const id = made++
      const reply = Promise.withResolvers<unknown>()
      waiting.set(id, reply)
      thread.postMessage({ id, name, args } satisfies Call)
      return (await reply.promise) as Awaited<ReturnType<ThreadCalls[Name]>>
    },
    async end(): Promise<void> {
      await thread.terminate()
    },
  }
}
