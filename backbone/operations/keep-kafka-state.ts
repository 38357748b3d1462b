import { KAFKA_FAILS_MS } from './find-conditions.ts'
import type { KafkaState } from './system-state.ts'

/** What Kafka last answered to this process, and since when it has not answered. */
export function keepKafkaState() {
  let latest: KafkaState | null = null
  let failingSince: number | undefined

  return {
    /** Null: Kafka was not queried for its brokers. */
    answered(state: KafkaState | null): void {
      latest = state
      failingSince = undefined
    },
    failed(at: number): void {
      failingSince ??= at
    },
    /** This process was paused: a failure counts from now. */
    resume(now: number): void {
      if (failingSince !== undefined) failingSince = now
    },
    failingSince: (): number | undefined => failingSince,
    /** Null while unknown. */
    stateAt: (now: number): KafkaState | null =>
      now - (failingSince ?? now) < KAFKA_FAILS_MS ? latest : null,
  }
}
