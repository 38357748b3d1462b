import type { Logger } from 'pino'
import { keepAdmin } from './admin.ts'
import { createKafka } from './client.ts'
import { keepHiddenAnswers } from './hidden-answers.ts'
import type { RefusalSettings } from './refusal.ts'
import { createTopicAdmin } from './topic-admin.ts'
import { watchRefusals } from './watch-refusals.ts'

/** What a process has of Kafka before it knows the topics; it connects at once. Throws as {@link createKafka} does. */
export function openKafka(settings: RefusalSettings, clientId: string, log: Logger) {
  const answers = keepHiddenAnswers()
  const client = createKafka(settings, clientId, log, answers.note)
  const admin = keepAdmin(() => createTopicAdmin(client))
  return { client, admin, refusals: watchRefusals({ settings, admin, answers, log }) }
}
