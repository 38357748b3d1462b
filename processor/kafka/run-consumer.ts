import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer } from 'kafkajs'
import { errorText } from '../../backbone/kafka/error-text.ts'
import { retryDelayMs } from '../../backbone/kafka/retry-delay.ts'
import { createSession } from './consumer-session.ts'
import type { ConsumerOptions, PartitionConsumer, RunningConsumer } from './partition-consumer.ts'

interface RunOptions extends ConsumerOptions {
  create: () => Consumer
  /** Resolves when the group has a coordinator that answers. */
  findCoordinator: () => Promise<unknown>
}

const DELAY = { firstMs: 50, longestMs: 5_000 }
const WARNED_DELAY_MS = 1_000

/**
 * Keeps a consumer running until it is stopped. kafkajs gives up for ever on errors that it considers final, for example when
 * a cluster is away for long. Here each end is followed by a new consumer, also when a coordinator has not answered for too
 * long and heartbeats.ts has not led to another one.
 */
export function runConsumer({ create, begin, ...options }: RunOptions): RunningConsumer {
  const { topic, refusals, log } = options
  let { partitions } = options
  const stopping = new AbortController()
  // Once for all consumers: each would add a listener for as long as this process lives.
  const stopped = aborted(stopping.signal)
  let current: PartitionConsumer | undefined
  let session: ReturnType<typeof createSession> | undefined
  let heardAt = Number.NEGATIVE_INFINITY

  async function runOnce(): Promise<void> {
    session = createSession(create(), {
      ...options,
      partitions: () => partitions,
      lastHeard: () => heardAt,
      onHeard: () => {
        heardAt = performance.now()
      },
      onStop: (consumer) => {
        if (current === consumer) current = undefined
      },
      stopping: stopped,
    })
    current = session.control
    await session.run()
  }

  async function run(): Promise<void> {
    await Promise.race([begin, stopped])
    let failures = 0
    while (!stopping.signal.aborted) {
      const startedAt = performance.now()
      try {
        await runOnce()
      } catch (error) {
        if (performance.now() - startedAt > DELAY.longestMs) failures = 0
        if (await refusals.refused(error, stopping.signal)) continue
        // Usually over soon: a coordinator that is still loading, a leader that moves.
        const retryInMs = retryDelayMs(failures++, DELAY)
        const level = retryInMs < WARNED_DELAY_MS ? 'info' : 'warn'
        log[level]({ topic, error: errorText(error), retryInMs }, 'Consumer stopped, restarting')
        await sleep(retryInMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
  }

  const ended = run()
  return {
    current: () => current,
    lastHeard: () => heardAt,
    grow(count): void {
      partitions = count
      session?.grow()
    },
    async stop(): Promise<void> {
      stopping.abort()
      await ended
    },
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
