import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { KeptAdmin } from './admin.ts'
import { errorText } from './error-text.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { TopicAdmin } from './topic-admin.ts'
import type { ClientRefusals } from './watch-refusals.ts'

export interface AwaitOptions {
  admin: KeptAdmin
  refusals: ClientRefusals
  log: Logger
}

const DELAY = { firstMs: 200, longestMs: 5_000 }

/** Repeats a request about topics until it succeeds: a process may start before Kafka does, and before it has its rights. */
export async function awaitTopics<Result>(
  ask: (admin: TopicAdmin) => Promise<Result>,
  { admin, refusals, log }: AwaitOptions,
): Promise<Result> {
  await refusals.authenticated()
  for (let failures = 0; ; failures++) {
    try {
      const result = await admin.use(ask)
      refusals.allowed()
      return result
    } catch (error) {
      if (await refusals.refused(error)) continue
      const retryInMs = retryDelayMs(failures, DELAY)
      log.warn({ error: errorText(error), retryInMs }, 'Kafka is not ready')
      await sleep(retryInMs)
    }
  }
}
