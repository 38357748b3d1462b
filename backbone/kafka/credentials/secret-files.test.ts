import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { createAuthority } from '../../../test/client-certificates.ts'
import { openCredentials } from './open-credentials.ts'

const folder = mkdtempSync(join(tmpdir(), 'secret-files-'))
const [certFile, keyFile, passwordFile] = ['cert', 'key', 'password'].map((name) => join(folder, name))
const identities: Record<'old' | 'new', { cert: string; key: string }> = {
  old: { cert: '', key: '' },
  new: { cert: '', key: '' },
}

beforeAll(async () => {
  const authority = await createAuthority(folder, 'authority')
  for (const name of ['old', 'new'] as const) {
    const files = await authority.issue(name)
    identities[name] = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') }
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

const encrypted = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
})

function open(cert = identities.old.cert, key = identities.old.key) {
  writeFileSync(certFile ?? '', cert)
  writeFileSync(keyFile ?? '', key)
  writeFileSync(passwordFile ?? '', 'old\n')
  const lines: string[] = []
  const credentials = openCredentials(
    {
      KAFKA_TLS: true,
      KAFKA_TLS_CERT_FILE: certFile,
      KAFKA_TLS_KEY_FILE: keyFile,
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'shop',
      KAFKA_SASL_PASSWORD_FILE: passwordFile,
      KAFKA_SASL_PLAIN_WITHOUT_TLS: false,
    },
    pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) }),
  )
  onTestFinished(credentials.stop)
  return { ...credentials, lines }
}

test.each([
  ['no certificate', () => open('none'), /^KAFKA_TLS_CERT_FILE: .* has no certificate in PEM$/],
  ['no key', () => open(undefined, 'none'), /^KAFKA_TLS_KEY_FILE: .* has no private key in PEM$/],
  [
    'the key of another certificate',
    () => open(undefined, identities.new.key),
    /^KAFKA_TLS_KEY_FILE: .* is not the key of /,
  ],
  [
    'a key with a passphrase',
    () => open(undefined, encrypted.privateKey),
    /^KAFKA_TLS_KEY_FILE: .* must not need a passphrase$/,
  ],
])('a client certificate with %s is a fault of the settings', (_, opened, message) => {
  expect(opened).toThrow(message)
})

test('the faults of all files are listed', () => {
  const settings = {
    KAFKA_TLS: true,
    KAFKA_TLS_CA_FILE: folder,
    KAFKA_SASL_MECHANISM: 'plain' as const,
    KAFKA_SASL_USERNAME: 'shop',
    KAFKA_SASL_PASSWORD_FILE: join(folder, 'missing'),
    KAFKA_SASL_PLAIN_WITHOUT_TLS: false,
  }
  expect(() => openCredentials(settings, pino({ level: 'silent' }))).toThrow(
    /^KAFKA_TLS_CA_FILE: .*EISDIR.*\nKAFKA_SASL_PASSWORD_FILE: .*ENOENT/,
  )
})

test('a certificate and a key that are replaced one after the other are used together only', async () => {
  const { ssl, lines } = open()
  writeFileSync(certFile ?? '', identities.new.cert)
  await vi.waitFor(() => expect(lines.join('')).toContain('keeping the previous content'), {
    timeout: 10_000,
  })
  expect(ssl).toMatchObject({ cert: identities.old.cert.trim(), key: identities.old.key })
  writeFileSync(keyFile ?? '', identities.new.key)
  await vi.waitFor(() => expect(ssl?.key).toBe(identities.new.key), { timeout: 10_000 })
  expect(ssl?.cert).toBe(identities.new.cert.trim())
})

test('kafkajs gets the current password, and no log has it', async () => {
  const { sasl, lines } = open()
  expect(sasl).toMatchObject({ username: 'shop', password: 'old' })
  writeFileSync(passwordFile ?? '', 'newer\n')
  await vi.waitFor(() => expect(sasl).toMatchObject({ password: 'newer' }), { timeout: 10_000 })
  writeFileSync(passwordFile ?? '', '\n')
  await vi.waitFor(() => expect(lines).toHaveLength(2), { timeout: 10_000 })
  expect(sasl).toMatchObject({ password: 'newer' })
  expect(lines.join('')).not.toContain('newer')
})
