import { Worker } from 'node:worker_threads'
import type { RateChange } from './rate-segments.ts'
import { RequestError } from './request-error.ts'
import type { SampleBatch } from './samples.ts'
import type { SenderCommand, SenderData, SenderReport } from './sender-thread.ts'

/** Time for the command to reach all threads, so that they begin or change at the same time. */
export const COMMAND_MS = 50

/**
 * The sender threads. `onSamples` is called about ten times a second for each, `onDone` when one has
 * finished.
 */
export function createSenderThreads(
  settings: Omit<SenderData, 'worker'>,
  onSamples: (batch: SampleBatch, worker: number) => void,
  onDone: (worker: number) => void,
) {
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined)
  const threads = Array.from({ length: settings.workers }, (_, worker) => {
    const thread = new Worker(new URL('./sender-thread.ts', import.meta.url), {
      workerData: { ...settings, worker } satisfies SenderData,
    })
    const ready = Promise.withResolvers<number | undefined>()
    const done = Promise.withResolvers<void>()
    thread.on('error', (error) => failure.reject(error))
    let isDone = false
    thread.on('exit', () => {
      if (!isDone) failure.reject(new Error('a sender thread ended unexpectedly'))
    })
    thread.on('message', (report: SenderReport) => {
      if (report.kind === 'samples') onSamples(report.batch, worker)
      else if (report.kind === 'ready') ready.resolve(report.lines)
      else if (report.kind === 'done') {
        isDone = true
        onDone(worker)
        done.resolve()
      } else ready.reject(new RequestError(report.failure, report.reason))
    })
    ready.promise.catch(() => undefined)
    return { thread, ready: ready.promise, done: done.promise }
  })
  const command = (message: SenderCommand) => {
    for (const { thread } of threads) thread.postMessage(message)
  }
  const all = <T>(promises: Promise<T>[]) => Promise.race([Promise.all(promises), failure.promise])

  return {
    /**
     * Resolves with the number of lines of a replayed file. Rejects with a RequestError if the target cannot
     * be reached.
     */
    async ready(): Promise<number | undefined> {
      const [lines] = await all(threads.map(({ ready }) => ready))
      return lines
    },
    start: (startAt: number) => command({ kind: 'start', startAt }),
    changeRate: (change: RateChange) => command({ kind: 'rate', change }),
    /** Sends nothing new, and waits for requests in flight. */
    stop: () => command({ kind: 'stop' }),
    async done(): Promise<void> {
      await all(threads.map(({ done }) => done))
    },
    async terminate(): Promise<void> {
      await Promise.all(threads.map(({ thread }) => thread.terminate()))
    },
  }
}
