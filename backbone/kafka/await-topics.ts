import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import type { Logger } from 'pino'
import type { KeptAdmin } from './admin.ts'
import { errorText } from './error-text.ts'
import type { ClientRefusals } from './watch-refusals.ts'

interface AwaitOptions {
  admin: KeptAdmin
  refusals: ClientRefusals
  log: Logger
}

const LONGEST_DELAY_MS = 5_000

/** Asks about topics as often as it takes: a process may well be started before Kafka, and before it is granted its rights. */
export async function awaitTopics<Result>(
  ask: (admin: Admin) => Promise<Result>,
  { admin, refusals, log }: AwaitOptions,
): Promise<Result> {
  await refusals.admitted()
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
