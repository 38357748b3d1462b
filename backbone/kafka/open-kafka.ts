import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { keepAdmin } from './admin.ts'
import { firstExpiry, noteCertificates, watchCertificateExpiry } from './certificate-expiry.ts'
import { createKafka, type KafkaSettings } from './client.ts'
import { keepHiddenAnswers } from './hidden-answers.ts'
import type { RefusalSettings } from './refusal.ts'
import { readCertificates } from './secret-files.ts'
import { connectBroker } from './socket.ts'
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
  const certificates = noteCertificates(connectBroker)
  const client = createKafka(settings, clientId, log, answers.note, certificates.connect)
  const admin = keepAdmin(() => createTopicAdmin(client))
  const authority = expiryOfAuthority(settings)
  watchCertificateExpiry(registry, () => new Map([...authority, ...certificates.expiries]))
  return { client, admin, refusals: watchRefusals({ settings, admin, answers, onRefusal, log }) }
}

const expiryOfAuthority = ({ KAFKA_TLS_CA_FILE: file }: KafkaSettings): [string, number][] =>
  file === undefined ? [] : [['KAFKA_TLS_CA_FILE', firstExpiry(readCertificates('KAFKA_TLS_CA_FILE', file))]]
