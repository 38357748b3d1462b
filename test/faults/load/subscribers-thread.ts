import { workerData } from 'node:worker_threads'
import { createSeededRandom } from '../../../loadgen/shoppers/seeded-random.ts'
import { answerCalls } from './answer-calls.ts'
import { followStream } from './follow-stream.ts'

const CUT_EVERY = { minMs: 5_000, maxMs: 20_000 }

export interface SubscribersOptions {
  gateways: string[]
  subscribers: number
  seed: number
}

const { gateways, subscribers, seed } = workerData as SubscribersOptions

const streams = Array.from({ length: subscribers }, (_, subscriber) => {
  const randomizer = createSeededRandom()
  randomizer.seed([seed, subscriber])
  return followStream({ gateways, subscriber, random: () => randomizer.next(), cutEvery: CUT_EVERY })
})

const calls = {
  seen: () => streams.map((stream) => stream.seen()),
  quiet: () => {
    for (const stream of streams) stream.quiet()
  },
  stop: () => streams.map((stream) => stream.stop()),
}

export type SubscribersCalls = typeof calls

answerCalls(calls)
