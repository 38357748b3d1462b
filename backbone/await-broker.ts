import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { firstToAnswer } from './answering-broker.ts'
import { bootstrapOptions, type KafkaSettings } from './kafka.ts'

const ASKED_AGAIN_AFTER_MS = 100
// Kafka that is started together with this process takes about as long.
const SAID_EVERY_MS = 5_000

/**
 * Resolves when a bootstrap broker answers, and says now and then why none does. kafkajs by itself asks less and less
 * often: a process that is started together with Kafka would find out a second too late.
 */
export async function awaitBroker(settings: KafkaSettings, log: Logger): Promise<void> {
  const options = bootstrapOptions(settings)
  for (let sayAt = performance.now() + SAID_EVERY_MS; ; ) {
    try {
      await firstToAnswer(options)
      return
    } catch (error) {
      if (performance.now() > sayAt) {
        log.warn({ error: reasons(error) }, 'Kafka is not ready')
        sayAt = performance.now() + SAID_EVERY_MS
      }
      await sleep(ASKED_AGAIN_AFTER_MS)
    }
  }
}

const reasons = (error: unknown): string =>
  error instanceof AggregateError ? error.errors.map(String).join('; ') : String(error)
