import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createKafka, kafkaSettings } from './kafka.ts'
import { readSettings, SettingsError } from './settings.ts'

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
  const file = join(folder, 'secret')
  beforeAll(() => writeFileSync(file, 'secret\n'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each([
    {},
    { KAFKA_TLS: 'true' },
    { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: file },
    { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'shop', KAFKA_SASL_PASSWORD_FILE: file },
  ])('is taken when it is complete: %j', (environment) => {
    expect(() => create(environment)).not.toThrow()
  })

  // Each of these would connect in plain text, or as nobody, to a broker that allows it.
  test.each([
    [{ KAFKA_TLS_CA_FILE: file }, ['KAFKA_TLS']],
    [{ KAFKA_SASL_MECHANISM: 'plain' }, ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD_FILE']],
    [{ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'shop' }, ['KAFKA_SASL_PASSWORD_FILE']],
    [{ KAFKA_SASL_USERNAME: 'shop' }, ['KAFKA_SASL_MECHANISM']],
    [{ KAFKA_SASL_PASSWORD_FILE: file }, ['KAFKA_SASL_MECHANISM']],
  ])('is refused when it is half: %j', (environment, names) => {
    expect(() => create(environment)).toThrow(SettingsError)
    for (const name of names) expect(() => create(environment)).toThrow(`${name}: `)
  })

  test('is refused when a file cannot be read', () => {
    expect(() => create({ KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: join(folder, 'none') })).toThrow('ENOENT')
  })
})
