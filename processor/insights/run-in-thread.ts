import { Worker } from 'node:worker_threads'
import type { SlowPurchases } from '../../backbone/insights/slow-purchases.ts'
import type { Question } from './read-purchases.ts'

export interface ThreadTask {
  /** File of the read model. */
  path: string
  timeZone: string
  question: Question
  /** An Int32Array with one element: anything but 0 cancels the read. */
  cancelled: SharedArrayBuffer
}

/** Without a result if it was cancelled. */
export interface ThreadAnswer {
  result?: SlowPurchases
}

/** Answers a question in a thread that lives only for it. Undefined once the signal is aborted. */
export const runInThread =
  ({ path, timeZone }: Pick<ThreadTask, 'path' | 'timeZone'>) =>
  (question: Question, signal: AbortSignal): Promise<SlowPurchases | undefined> => {
    const cancelled = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
    const task: ThreadTask = { path, timeZone, question, cancelled }
    const thread = new Worker(new URL('./insights-thread.ts', import.meta.url), { workerData: task })
    const cancel = () => Atomics.store(new Int32Array(cancelled), 0, 1)
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
    const { promise, resolve, reject } = Promise.withResolvers<SlowPurchases | undefined>()
    thread.once('message', ({ result }: ThreadAnswer) => resolve(result))
    thread.once('error', reject)
    thread.once('exit', () => reject(new Error('the thread ended without an answer')))
    return promise.finally(() => signal.removeEventListener('abort', cancel))
  }
