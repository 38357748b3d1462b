import { parentPort } from 'node:worker_threads'
import type { Call, Calls, Reply } from './called-thread.ts'

/**
 * The thread's side of {@link startCalledThread}. A call that throws ends the thread, and the
 * caller's promise rejects.
 */
export function answerCalls(calls: Calls): void {
  async function answer({ id, name, args }: Call) {
    const result = await calls[name]?.(...(args as never[]))
    parentPort?.postMessage({ id, answer: result } satisfies Reply)
  }

  parentPort?.on('message', (call: Call) => void answer(call))
}
