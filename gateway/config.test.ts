import { expect, test, vi } from 'vitest'
import { demoWarning, gatewaySettings, readConfig } from './config.ts'

function readWith(environment: Record<string, string>) {
  for (const name of Object.keys(gatewaySettings.shape)) vi.stubEnv(name, undefined)
  for (const [name, value] of Object.entries({ KAFKA_BROKERS: 'kafka:9092', ...environment })) {
    vi.stubEnv(name, value)
  }
  try {
    return readConfig()
  } finally {
    vi.unstubAllEnvs()
  }
}

test('has a default for everything except the brokers', () => {
  expect(readWith({})).toMatchObject({
    HOST: '127.0.0.1',
    PORT: 8080,
    PROCESSOR_URLS: [],
    PUBLISH_TIMEOUT_MS: 5_000,
    MAX_BODY_BYTES: 65_536,
    QUEUE_MAX_RECORDS: 2_000,
    IDEMPOTENCY_WINDOW: 25_000,
  })
  expect(() => readWith({ KAFKA_BROKERS: '' })).toThrow('KAFKA_BROKERS: is not set')
})

test('describes each setting', () => {
  const silent = Object.entries(gatewaySettings.shape).filter(([, { description }]) => !description)
  expect(silent.map(([name]) => name)).toEqual([])
})

test('takes the addresses of the processors with or without a slash at the end', () => {
  const { PROCESSOR_URLS } = readWith({ PROCESSOR_URLS: 'http://a:8090, http://b:8090/,' })
  expect(PROCESSOR_URLS).toEqual(['http://a:8090', 'http://b:8090'])
})

test.each(['a:8090', 'https://a:8090', 'http://a/path', 'http://user@a', 'http://a,b'])(
  '%s is no address of a processor',
  (PROCESSOR_URLS) => {
    expect(() => readWith({ PROCESSOR_URLS })).toThrow(/^PROCESSOR_URLS: must be http:\/\/host:port/)
  },
)

test.each([
  ['PUBLISH_TIMEOUT_MS', 100, 9_000],
  ['MAX_BODY_BYTES', 1, 524_288],
  ['QUEUE_MAX_RECORDS', 1, 1_000_000],
  ['IDEMPOTENCY_WINDOW', 1, 1_000_000],
  ['PORT', 0, 65_535],
])('%s is at least %i and at most %i', (name, least, most) => {
  const allowed = `${name}: must be a whole number from ${least} to ${most}`
  expect(readWith({ [name]: String(least) })).toMatchObject({ [name]: least })
  expect(readWith({ [name]: String(most) })).toMatchObject({ [name]: most })
  expect(() => readWith({ [name]: String(most + 1) })).toThrow(allowed)
  expect(() => readWith({ [name]: String(least - 1) })).toThrow(allowed)
})

test('listens beyond loopback without keys only in a trusted network', () => {
  expect(() => readWith({ HOST: '0.0.0.0' })).toThrow(/^HOST: 0\.0\.0\.0 is not a loopback address/)
  expect(readWith({ HOST: '0.0.0.0', TRUSTED_NETWORK: 'true' }).HOST).toBe('0.0.0.0')
})

test.each([
  [
    { DEMO: 'true', HOST: '0.0.0.0', TRUSTED_NETWORK: 'true' },
    expect.stringMatching(/^DEMO=true without API keys/),
  ],
  [{ DEMO: 'true', HOST: '0.0.0.0', API_KEYS_FILE: 'keys.json' }, undefined],
  [{ DEMO: 'true' }, undefined],
  [{ HOST: '0.0.0.0', TRUSTED_NETWORK: 'true' }, undefined],
])('with %j, the warning of the demonstration shop is %s', (settings, warning) => {
  expect(demoWarning(readWith(settings))).toEqual(warning)
})
