import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { keepAdmin } from './admin.ts'
import type { BootstrapOptions } from './bootstrap.ts'
import { firstExpiry, noteCertificates, watchCertificateExpiry } from './certificate-expiry.ts'
import { bootstrapOptions, createKafka } from './client.ts'
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
  const bootstrap = bootstrapOptions(settings)
  const certificates = noteCertificates(bootstrap.connect)
  const client = createKafka(settings, clientId, log, answers.note, {
    ...bootstrap,
    connect: certificates.connect,
  })
  const admin = keepAdmin(() => createTopicAdmin(client))
  const authority = expiryOfAuthority(bootstrap)
  watchCertificateExpiry(registry, () => new Map([...authority, ...certificates.expiries]))
  return { client, admin, refusals: watchRefusals({ settings, bootstrap, admin, answers, onRefusal, log }) }
}

const expiryOfAuthority = ({ ssl }: BootstrapOptions): [string, number][] =>
  typeof ssl === 'object' && ssl.ca ? [['KAFKA_TLS_CA_FILE', firstExpiry([ssl.ca].flat())]] : []
