import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { keepAdmin } from './admin.ts'
import { expiriesInFiles, noteCertificates, watchCertificateExpiry } from './certificate-expiry.ts'
import { createKafka, type NoteKafkajs, openConnection } from './client.ts'
import { principalOf } from './credentials/principal.ts'
import { keepHiddenAnswers } from './hidden-answers.ts'
import type { RefusalSettings } from './refusal.ts'
import { createTopicAdmin } from './topic-admin.ts'
import { watchRefusals } from './watch-refusals.ts'
import { watchThrottling } from './watch-throttling.ts'

interface OpenOptions {
  onRefusal: (text: string) => void
  /** Gets the expiry of certificates, and for how long Kafka throttled. */
  registry: Registry
  log: Logger
}

/**
 * The Kafka client of a process and what needs no topics; starts to connect immediately. Throws as {@link createKafka}
 * does.
 */
export function openKafka(
  settings: RefusalSettings,
  clientId: string,
  { onRefusal, registry, log }: OpenOptions,
) {
  const answers = keepHiddenAnswers()
  const connection = openConnection(settings, log)
  const certificates = noteCertificates(connection.connect)
  const throttling = watchThrottling({ principal: principalOf(settings), clientId, registry, log })
  const note: NoteKafkajs = (entry) => {
    answers.note(entry)
    if (typeof entry.throttleMs === 'number') throttling.throttled(entry.throttleMs)
  }
  const client = createKafka(settings, clientId, log, note, {
    ...connection,
    connect: certificates.connect,
  })
  const admin = keepAdmin(() => createTopicAdmin(client))
  watchCertificateExpiry(
    registry,
    () => new Map([...expiriesInFiles(connection.ssl), ...certificates.expiries]),
  )
  const refusals = watchRefusals({ settings, bootstrap: connection, admin, answers, onRefusal, log })
  return { client, admin, refusals, throttling }
}
