import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { keepAdmin } from './admin.ts'
import { expiriesInFiles, noteCertificates, watchCertificateExpiry } from './certificate-expiry.ts'
import { createKafka, openConnection } from './client.ts'
import { keepHiddenAnswers } from './hidden-answers.ts'
import type { RefusalSettings } from './refusal.ts'
import { createTopicAdmin } from './topic-admin.ts'
import { watchRefusals } from './watch-refusals.ts'

interface OpenOptions {
  onRefusal: (text: string) => void
  /** Gets the expiry of certificates. */
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
  const client = createKafka(settings, clientId, log, answers.note, {
    ...connection,
    connect: certificates.connect,
  })
  const admin = keepAdmin(() => createTopicAdmin(client))
  watchCertificateExpiry(
    registry,
    () => new Map([...expiriesInFiles(connection.ssl), ...certificates.expiries]),
  )
  const refusals = watchRefusals({ settings, bootstrap: connection, admin, answers, onRefusal, log })
  return { client, admin, refusals }
}
