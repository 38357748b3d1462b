import { Registry } from 'prom-client'
import { expect, test, vi } from 'vitest'
import { watchKeyExpiry } from './key-expiry.ts'
import { createTestKeys } from './testing/keys.ts'

const expiriesIn = async (registry: Registry) =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith('checkout_'))

test('only keys with an end have an expiry, as long as they are in the file', async () => {
  const keys = createTestKeys()
  keys.mint('web', ['write'])
  const { id } = keys.mint('app', ['read'], { expires: '2030-01-01T01:00:00+01:00' })
  const registry = new Registry()
  watchKeyExpiry(registry, keys.open().keyring)
  expect(await expiriesIn(registry)).toEqual([
    `checkout_api_key_expiry_timestamp_seconds{key="${id}",owner="app"} ${Date.parse('2030-01-01T00:00:00Z') / 1_000}`,
  ])
  keys.keys.pop()
  keys.write()
  await vi.waitFor(async () => expect(await expiriesIn(registry)).toEqual([]), { timeout: 10_000 })
})
