import type { HiddenAnswers } from './refusal.ts'

const RECENT_MS = 10_000
const ANSWER = /^Response (SaslAuthenticate|GroupCoordinator)\(/

/**
 * kafkajs 2.2.4 replaces Kafka's answer to these two requests by an error that may mean a refusal or a broken connection.
 * Only its log has the answer.
 */
export function keepHiddenAnswers(): HiddenAnswers & {
  note: (message: string, error: string | undefined) => void
} {
  const last = new Map<string, { text: string; at: number }>()
  return {
    note(message, error) {
      const [, request] = ANSWER.exec(message) ?? []
      if (request !== undefined && error !== undefined)
        last.set(request, { text: error, at: performance.now() })
    },
    recent(request) {
      const answer = last.get(request)
      return answer && performance.now() - answer.at < RECENT_MS ? answer.text : undefined
    },
  }
}
