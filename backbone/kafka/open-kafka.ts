import type { Logger } from 'pino'
import { keepAdmin } from './admin.ts'
import { createKafka } from './client.ts'
import { keepHiddenAnswers } from './hidden-answers.ts'
import type { RefusalSettings } from './refusal.ts'
import { createTopicAdmin } from './topic-admin.ts'
import { watchRefusals } from './watch-refusals.ts'

/**
 * The Kafka client of a process and what needs no topics; starts to connect immediately. Throws as {@link createKafka}
 * does.
 */
export function openKafka(
  settings: RefusalSettings,
  clientId: string,
  { onRefusal, log }: { onRefusal: (text: string) => void; log: Logger },
) {
  const answers = keepHiddenAnswers()
  const client = createKafka(settings, clientId, log, answers.note)
  const admin = keepAdmin(() => createTopicAdmin(client))
  return { client, admin, refusals: watchRefusals({ settings, admin, answers, onRefusal, log }) }
}
