import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { settingsFaults } from './check-settings.ts'

test('an empty environment and the settings of the launcher are valid', () => {
  expect(settingsFaults({})).toEqual([])
  expect(settingsFaults({ HOST: '0.0.0.0', PORT: 'http', LOG_LEVEL: '' })).toEqual([])
})

test('all faults of all services are named at once, each of them once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-settings-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const secret = join(folder, 'secret')
  writeFileSync(secret, 'short')
  const env = {
    LOG_LEVEL: 'loud',
    QUICK_MINUTES: 'abc',
    LONGEST_PLAUSIBLE_MINUTES: '-1',
    ADDRESS_RATE: '0',
    MAX_BODY_BYTES: '-1',
    KAFKA_BROKERS: 'kafka:9092',
    KAFKA_SASL_USERNAME: 'app',
    API_KEYS_FILE: join(folder, 'none.json'),
    PLACE_SECRET_FILE: secret,
  }
  expect(settingsFaults(env)).toEqual([
    'ADDRESS_RATE: must be a number above 0',
    'MAX_BODY_BYTES: must be a whole number from 1 to 524288',
    'LOG_LEVEL: must be trace, debug, info, warn, error, silent',
    'QUICK_MINUTES: must be a number above 0',
    'LONGEST_PLAUSIBLE_MINUTES: must be a number above 0',
    'KAFKA_SASL_MECHANISM: is needed with KAFKA_SASL_USERNAME',
    expect.stringMatching(/^API_KEYS_FILE: .*ENOENT; npm run mint-key/),
    expect.stringMatching(/^PLACE_SECRET_FILE: .* at least 16 characters$/),
  ])
})

test('TLS and SASL need a Kafka that has them', () => {
  expect(settingsFaults({ KAFKA_TLS: 'true' })).toEqual([
    'KAFKA_TLS: needs KAFKA_BROKERS; the Kafka that npm start runs has neither TLS nor SASL',
  ])
  expect(settingsFaults({ KAFKA_TLS: 'false' })).toEqual([])
})

test('a variable that is one letter off a setting is a fault, and no other is', () => {
  expect(
    settingsFaults({ QUICK_MINUTE: '20', PARTITONS: '3', MAX_BODY_BYTE: '9', STORE_NAMES: 'x' }),
  ).toEqual([
    'QUICK_MINUTE: is not a setting; did you mean QUICK_MINUTES?',
    'PARTITONS: is not a setting; did you mean PARTITIONS?',
    'MAX_BODY_BYTE: is not a setting; did you mean MAX_BODY_BYTES?',
    'STORE_NAMES: is not a setting; did you mean STORE_NAME?',
  ])
  const others = {
    PATH: '/bin',
    HOME: '/',
    QUICK_MINUT: '20',
    MINUTES: '1',
    PROCESSOR_URL: 'x',
    PARTITONS: '',
  }
  expect(settingsFaults(others)).toEqual([])
  expect(settingsFaults({ QUICK_MINUTES: '20', PARTITIONS: '3' })).toEqual([])
})
