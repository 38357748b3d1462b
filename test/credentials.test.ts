import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startAuthorizationServer } from './authorization-server.ts'
import { checkoutOf } from './checkouts.ts'
import { createAuthority } from './client-certificates.ts'
import { readTopic } from './read-topic.ts'
import { createGateways, linesOf, type RunningGateway } from './run-gateway.ts'
import { setScramPassword } from './scram-users.ts'
import { type SecuredKafka, startSecuredKafka } from './secured-kafka.ts'

const LATER = { timeout: 60_000, interval: 100 }
const OAUTHBEARER = 'org.apache.kafka.common.security.oauthbearer'

let folder: string
let kafka: SecuredKafka
let processes: ReturnType<typeof createGateways>
let server: Awaited<ReturnType<typeof startAuthorizationServer>>
let authorities: Record<'first' | 'second', Awaited<ReturnType<typeof createAuthority>>>
/** What the broker reads when it starts. */
let trusted: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'credentials-'))
  const [first, second] = await Promise.all(['first', 'second'].map((name) => createAuthority(folder, name)))
  if (!first || !second) throw new Error('there is no authority')
  authorities = { first, second }
  trusted = join(folder, 'trusted.pem')
  copyFileSync(first.caFile, trusted)
  server = await startAuthorizationServer()
  server.setClients([])
  // Kafka reads tokens' keys only from addresses that this property lists.
  vi.stubEnv('JDK_JAVA_OPTIONS', `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${server.jwksUrl}`)
  kafka = await startSecuredKafka([], {
    'listener.name.sasl.sasl.enabled.mechanisms': 'SCRAM-SHA-512,OAUTHBEARER',
    'listener.name.sasl.oauthbearer.sasl.jaas.config': `${OAUTHBEARER}.OAuthBearerLoginModule required;`,
    'listener.name.sasl.oauthbearer.sasl.server.callback.handler.class': `${OAUTHBEARER}.OAuthBearerValidatorCallbackHandler`,
    'sasl.oauthbearer.jwks.endpoint.url': server.jwksUrl,
    'sasl.oauthbearer.expected.audience': 'kafka',
    'listener.name.tls.ssl.client.auth': 'required',
    'listener.name.tls.ssl.principal.mapping.rules': 'RULE:^CN=([a-z]+)\\.shop\\.example$/$1/,DEFAULT',
    'listener.name.tls.ssl.truststore.type': 'PEM',
    'listener.name.tls.ssl.truststore.location': trusted,
    'super.users': 'User:ANONYMOUS;User:CN=processor;User:rotating',
  })
  processes = createGateways(kafka.bootstrap)
}, 120_000)

afterAll(async () => {
  await processes.stop()
  await kafka.stop()
  await server.stop()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const says = (process: RunningGateway, text: RegExp) =>
  vi.waitFor(
    () =>
      expect(
        linesOf(process)
          .map(({ msg }) => msg)
          .join('\n'),
      ).toMatch(text),
    LATER,
  )

/** A folder as Kubernetes mounts a secret: its files are links into a folder that is another link. */
function createSecret(name: string) {
  const mount = join(folder, name)
  mkdirSync(mount)
  let version = 0
  return {
    path: (file: string) => join(mount, file),
    publish(files: Record<string, string>): void {
      const next = `..${++version}`
      mkdirSync(join(mount, next))
      for (const [file, content] of Object.entries(files)) {
        writeFileSync(join(mount, next, file), content)
        if (version === 1) symlinkSync(join('..data', file), join(mount, file))
      }
      symlinkSync(next, join(mount, '..tmp'))
      renameSync(join(mount, '..tmp'), join(mount, '..data'))
    },
  }
}

const allow = (user: string) =>
  kafka.grant(
    { to: user, resource: 'topic', name: processes.topic, operations: ['Create', 'Describe', 'Write'] },
    { to: user, resource: 'topic', name: processes.topics.FIGURES_TOPIC, operations: ['Create', 'Write'] },
  )

const mutualTls = (cert: string, key: string) => ({
  KAFKA_BROKERS: `127.0.0.1:${kafka.ports.tls}`,
  ...kafka.tlsSettings,
  KAFKA_TLS_CERT_FILE: cert,
  KAFKA_TLS_KEY_FILE: key,
})

const identityOf = ({ cert, key }: { cert: string; key: string }) => ({
  'tls.crt': readFileSync(cert, 'utf8'),
  'tls.key': readFileSync(key, 'utf8'),
})

describe.concurrent('Kafka refuses', () => {
  test('a process without a certificate', async () => {
    const { KAFKA_TLS_CERT_FILE: _, KAFKA_TLS_KEY_FILE: __, ...settings } = mutualTls('', '')
    const gateway = await processes.start(settings)
    await says(gateway, /requires a client certificate.*check KAFKA_TLS_CERT_FILE/)
    gateway.child.kill('SIGKILL')
  }, 120_000)

  test('a certificate that the brokers do not trust can be replaced; the user is its subject', async () => {
    const secret = createSecret('gateway')
    secret.publish(identityOf(await authorities.second.issue('gateway')))
    const gateway = await processes.start(mutualTls(secret.path('tls.crt'), secret.path('tls.key')))
    await says(gateway, /refused the client certificate.*check KAFKA_TLS_CERT_FILE/)

    secret.publish(identityOf(await authorities.first.issue('gateway')))
    await says(gateway, /KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE reloaded/)
    await says(gateway, /Kafka refused Describe .*\(client certificate\): check .*KAFKA_TLS_CERT_FILE/)
    await allow('CN=gateway')
    await gateway.ready()
    expect((await gateway.post(checkoutOf('quick', 0))).status).toBe(202)
    gateway.child.kill('SIGKILL')
  }, 120_000)

  test('a subject that has the rights, where brokers map it to a short name that has none', async () => {
    const { cert, key } = await authorities.first.issue('checkout.shop.example')
    await allow('CN=checkout.shop.example')
    const gateway = await processes.start(mutualTls(cert, key))
    await says(gateway, /Kafka refused Describe .*\(client certificate\): check .*KAFKA_TLS_CERT_FILE/)
    await allow('checkout')
    await gateway.ready()
    expect((await gateway.post(checkoutOf('quick', 2))).status).toBe(202)
    gateway.child.kill('SIGKILL')
  }, 120_000)

  test('OAUTHBEARER: each refusal is explained, and over when its cause is', async () => {
    const secretFile = join(folder, 'client-secret')
    writeFileSync(secretFile, 'wrong')
    const known = { id: 'shop', secret: 'secret of tests: 100 %' }
    server.setClients([{ ...known, audience: 'others' }])
    const gateway = await processes.start({
      KAFKA_BROKERS: `127.0.0.1:${kafka.ports.sasl}`,
      KAFKA_SASL_MECHANISM: 'oauthbearer',
      KAFKA_OAUTH_TOKEN_URL: server.tokenUrl,
      KAFKA_OAUTH_CLIENT_ID: known.id,
      KAFKA_OAUTH_CLIENT_SECRET_FILE: secretFile,
      KAFKA_OAUTH_SCOPE: 'kafka',
    })
    await says(gateway, /The token endpoint .* refused client "shop".*check KAFKA_OAUTH_CLIENT_ID/)
    writeFileSync(secretFile, known.secret)
    await says(
      gateway,
      /Kafka refused SASL OAUTHBEARER authentication, saying ".*invalid_token.*check KAFKA_OAUTH_TOKEN_URL/,
    )
    server.setClients([{ ...known, audience: 'kafka' }])
    await says(gateway, /Kafka refused Describe .*\(client "shop"\): check .*KAFKA_OAUTH_CLIENT_ID/)
    await allow('shop')
    await gateway.ready()
    expect((await gateway.post(checkoutOf('quick', 1))).status).toBe(202)
    expect(gateway.log.join('\n')).not.toContain('eyJ')
    expect(gateway.log.join('\n')).not.toContain(known.secret)
    gateway.child.kill('SIGKILL')
  }, 120_000)
})

test('a password and a client certificate are replaced under load, without a restart; nothing is lost', async () => {
  await setScramPassword(kafka.bootstrap[0] ?? '', 'rotating', 'first')
  const password = createSecret('password')
  password.publish({ password: 'first' })
  const identity = createSecret('processor')
  identity.publish(identityOf(await authorities.first.issue('processor')))
  const [gateway, processor] = await Promise.all([
    processes.start({
      KAFKA_BROKERS: `127.0.0.1:${kafka.ports.sasl}`,
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'rotating',
      KAFKA_SASL_PASSWORD_FILE: password.path('password'),
    }),
    processes.start(mutualTls(identity.path('tls.crt'), identity.path('tls.key')), 'bun', 'processor'),
  ])
  await Promise.all([gateway.ready(), processor.ready()])

  const accepted = new Set<string>()
  const stopping = new AbortController()
  const load = (async () => {
    for (let number = 0; !stopping.signal.aborted; number++) {
      const response = await gateway.post(checkoutOf('quick', number))
      expect([202, 503]).toContain(response.status)
      if (response.status === 202) accepted.add(((await response.json()) as { eventId: string }).eventId)
    }
  })()
  const acceptMore = async () => {
    const before = accepted.size
    await vi.waitFor(() => expect(accepted.size).toBeGreaterThan(before + 20), LATER)
  }
  await acceptMore()

  // From its next start on, the broker takes only the new ones.
  await setScramPassword(kafka.bootstrap[0] ?? '', 'rotating', 'second')
  copyFileSync(authorities.second.caFile, trusted)
  password.publish({ password: 'second' })
  identity.publish(identityOf(await authorities.second.issue('processor')))
  await Promise.all([
    says(gateway, /KAFKA_SASL_PASSWORD_FILE reloaded/),
    says(processor, /KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE reloaded/),
  ])
  await acceptMore()
  await kafka.broker?.kill('SIGTERM')
  kafka.broker?.start()
  await acceptMore()
  stopping.abort()
  await load

  await Promise.all([gateway.ready(), processor.ready()])
  await vi.waitFor(async () => {
    const outcomes = await readTopic(kafka.bootstrap, processes.topics.NOTIFICATIONS_TOPIC)
    const ids = outcomes.map(({ key }) => key).filter((id) => accepted.has(id))
    expect(ids.toSorted()).toEqual([...accepted].toSorted())
  }, LATER)
  expect([gateway.child.exitCode, processor.child.exitCode]).toEqual([null, null])
}, 240_000)
