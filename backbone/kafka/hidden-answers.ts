import type { NoteKafkajs } from './client.ts'
import type { HiddenAnswers } from './refusal.ts'

const RECENT_MS = 10_000
const ANSWER = /^Response SaslAuthenticate\(/

/**
 * kafkajs 2.2.4 replaces Kafka's answer to an authentication by an error that may mean a refusal or a broken connection.
 * Only its log has the answer.
 */
export function keepHiddenAnswers(): HiddenAnswers & { note: NoteKafkajs } {
  let last: { text: string; at: number } | undefined
  return {
    note({ message, error }) {
      if (typeof error === 'string' && ANSWER.test(message)) last = { text: error, at: performance.now() }
    },
    authentication: () =>
      last !== undefined && performance.now() - last.at < RECENT_MS ? last.text : undefined,
  }
}
