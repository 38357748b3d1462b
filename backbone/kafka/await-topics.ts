import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { KeptAdmin } from './admin.ts'
import { errorText } from './error-text.ts'
import type { TopicAdmin } from './topic-admin.ts'
import type { ClientRefusals } from './watch-refusals.ts'

interface AwaitOptions {
  admin: KeptAdmin
  refusals: ClientRefusals
  log: Logger
}

const LONGEST_DELAY_MS = 5_000

/** Repeats a request about topics until it succeeds: a process may start before Kafka does, and before it has its rights. */
export async function awaitTopics<Result>(
  ask: (admin: TopicAdmin) => Promise<Result>,
  { admin, refusals, log }: AwaitOptions,
): Promise<Result> {
  await refusals.authenticated()
  for (let delay = 200; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
    try {
      const result = await admin.use(ask)
      refusals.allowed()
      return result
    } catch (error) {
      if (await refusals.refused(error)) continue
      log.warn({ error: errorText(error), retryInMs: delay }, 'Kafka is not ready')
      await sleep(delay)
    }
  }
}
