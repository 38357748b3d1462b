import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readSettings, SettingsError } from '../process/settings.ts'
import { createKafka, kafkaSettings } from './client.ts'
import { PEM } from './testing/certificate.ts'

const read = (environment: NodeJS.ProcessEnv) => readSettings(z.object(kafkaSettings), environment)
const create = (environment: NodeJS.ProcessEnv) =>
  createKafka(read({ KAFKA_BROKERS: 'a:9092', ...environment }), 'test', pino({ level: 'silent' }))

test.each([
  ['kafka-1:9092', ['kafka-1:9092']],
  [' a:1 , b:2,', ['a:1', 'b:2']],
])('brokers may be %j', (KAFKA_BROKERS, brokers) => {
  expect(read({ KAFKA_BROKERS }).KAFKA_BROKERS).toEqual(brokers)
})

test.each([
  ' , ',
  'kafka',
  'kafka:',
  ':9092',
  'kafka:port',
  'PLAINTEXT://kafka:9092',
  'a:1;b:2',
  '::1:9092',
  '[::1]:9092',
])('brokers may not be %j', (KAFKA_BROKERS) => {
  expect(() => read({ KAFKA_BROKERS })).toThrow(SettingsError)
})

describe('what protects the connection', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kafka-settings-'))
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const file = write('secret', 'secret\n')
  const pem = write('ca.pem', `# the authority of our brokers\n${PEM}\n${PEM}\n`)
  const plain = {
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USERNAME: 'shop',
    KAFKA_SASL_PASSWORD_FILE: file,
  }
  const oauth = {
    KAFKA_SASL_MECHANISM: 'oauthbearer',
    KAFKA_OAUTH_TOKEN_URL: 'https://tokens.example/token',
    KAFKA_OAUTH_CLIENT_ID: 'shop',
    KAFKA_OAUTH_CLIENT_SECRET_FILE: file,
  }
  const iam = { KAFKA_SASL_MECHANISM: 'aws-msk-iam', KAFKA_AWS_REGION: 'sa-east-1' }
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each([
    {},
    { KAFKA_TLS: 'true' },
    { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: pem },
    { ...plain, KAFKA_TLS: 'true' },
    { ...plain, KAFKA_SASL_MECHANISM: 'scram-sha-512' },
    { ...plain, KAFKA_BROKERS: '127.0.0.1:9092,localhost:9093' },
    { ...plain, KAFKA_SASL_PLAIN_WITHOUT_TLS: 'true' },
    { ...oauth, KAFKA_TLS: 'true', KAFKA_OAUTH_SCOPE: 'kafka', KAFKA_OAUTH_CA_FILE: pem },
    { ...oauth, KAFKA_SASL_PLAIN_WITHOUT_TLS: 'true' },
    { ...iam, KAFKA_TLS: 'true' },
  ])('is taken when it is complete: %j', (environment) => {
    expect(() => create(environment)).not.toThrow()
  })

  // Each of these would connect in plain text, or without a user, to a broker that allows it.
  test.each([
    [{ KAFKA_TLS_CA_FILE: pem }, ['KAFKA_TLS']],
    [{ KAFKA_SASL_MECHANISM: 'plain' }, ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD_FILE']],
    [{ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'shop' }, ['KAFKA_SASL_PASSWORD_FILE']],
    [{ KAFKA_SASL_USERNAME: 'shop' }, ['KAFKA_SASL_MECHANISM']],
    [{ KAFKA_SASL_PASSWORD_FILE: file }, ['KAFKA_SASL_MECHANISM']],
    [{ KAFKA_TLS_CERT_FILE: pem }, ['KAFKA_TLS', 'KAFKA_TLS_KEY_FILE']],
    [{ KAFKA_TLS: 'true', KAFKA_TLS_KEY_FILE: file }, ['KAFKA_TLS_CERT_FILE']],
    [
      { KAFKA_SASL_MECHANISM: 'oauthbearer' },
      ['KAFKA_OAUTH_TOKEN_URL', 'KAFKA_OAUTH_CLIENT_ID', 'KAFKA_OAUTH_CLIENT_SECRET_FILE'],
    ],
    [{ KAFKA_OAUTH_SCOPE: 'kafka' }, ['KAFKA_SASL_MECHANISM']],
    [{ KAFKA_SASL_MECHANISM: 'aws-msk-iam' }, ['KAFKA_AWS_REGION', 'KAFKA_TLS']],
    // Two ways to log in at once: one of them would be ignored.
    [{ ...oauth, KAFKA_TLS: 'true', KAFKA_SASL_USERNAME: 'shop' }, ['KAFKA_SASL_USERNAME']],
    [{ ...plain, KAFKA_TLS: 'true', KAFKA_AWS_REGION: 'sa-east-1' }, ['KAFKA_AWS_REGION']],
  ])('is refused when it is incomplete: %j', (environment, names) => {
    expect(() => create(environment)).toThrow(SettingsError)
    for (const name of names) expect(() => create(environment)).toThrow(`${name}: `)
  })

  const ca = (path: string) => ({ KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: path })
  test.each([
    ['cannot be read', ca(join(folder, 'none')), /^KAFKA_TLS_CA_FILE: .*ENOENT/],
    ['is no PEM', ca(file), /^KAFKA_TLS_CA_FILE: .* has no certificate in PEM$/],
    ['is empty', ca(write('empty.pem', '')), /^KAFKA_TLS_CA_FILE: .* has no certificate in PEM$/],
    [
      'has a damaged certificate',
      ca(write('damaged.pem', `${PEM}\n${PEM.replace('MII', 'AAA')}`)),
      /^KAFKA_TLS_CA_FILE: certificate 2 of .* is damaged$/,
    ],
    [
      'has a certificate that is cut off',
      ca(write('half.pem', `${PEM}\n${PEM.slice(0, 200)}`)),
      /^KAFKA_TLS_CA_FILE: certificate 2 of .* is damaged$/,
    ],
    [
      'has an empty password',
      { ...plain, KAFKA_TLS: 'true', KAFKA_SASL_PASSWORD_FILE: write('empty', ' \n') },
      /^KAFKA_SASL_PASSWORD_FILE: .* is empty$/,
    ],
  ])('is refused when its file %s', (_, environment, message) => {
    expect(() => create(environment)).toThrow(SettingsError)
    expect(() => create(environment)).toThrow(message)
  })

  test('is refused when a password would be sent readable to another machine', () => {
    const brokers = { ...plain, KAFKA_BROKERS: '127.0.0.1:9092,kafka-2:9092' }
    expect(() => create(brokers)).toThrow(/^KAFKA_SASL_MECHANISM: plain without TLS .* kafka-2:9092/)
  })

  test('is refused when a token would be sent readable to another machine', () => {
    expect(() => create(oauth)).toThrow(/^KAFKA_SASL_MECHANISM: oauthbearer without TLS .* token .* a:9092/)
  })

  test.each(['http://tokens.example/token', 'tokens.example', 'https://shop:secret@tokens.example/token'])(
    'is refused when the client secret would be sent to %s',
    (KAFKA_OAUTH_TOKEN_URL) => {
      const message = /^KAFKA_OAUTH_TOKEN_URL: must be https:\/\/, or http:\/\/ on loopback$/
      expect(() => create({ ...oauth, KAFKA_TLS: 'true', KAFKA_OAUTH_TOKEN_URL })).toThrow(message)
    },
  )

  test.each(['http://127.0.0.1:8080/token', 'http://localhost/token'])(
    'is taken when the client secret is sent to %s',
    (KAFKA_OAUTH_TOKEN_URL) => {
      expect(() => create({ ...oauth, KAFKA_TLS: 'true', KAFKA_OAUTH_TOKEN_URL })).not.toThrow()
    },
  )
})
