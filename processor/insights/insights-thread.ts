import { parentPort, workerData } from 'node:worker_threads'
import { openSampler, ReadCancelledError } from '../read-model/sample-outcomes.ts'
import { analyse } from './analyse.ts'
import { readPurchases } from './read-purchases.ts'
import type { ThreadAnswer, ThreadTask } from './run-in-thread.ts'

// Neither reading nor counting may delay the thread that classifies and serves.
const { path, timeZone, question, cancelled } = workerData as ThreadTask
const flag = new Int32Array(cancelled)

function answer(): ThreadAnswer {
  const sampler = openSampler(path)
  try {
    const reading = readPurchases(sampler, question, () => Atomics.load(flag, 0) !== 0)
    return { result: analyse({ ...reading, timeZone }) }
  } catch (error) {
    if (error instanceof ReadCancelledError) return {}
    throw error
  } finally {
    sampler.close()
  }
}

parentPort?.postMessage(answer())
parentPort?.close()
