import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readSettings, SettingsError } from '../process/settings.ts'
import { allowedHosts, assertGuarded, listenSettings } from './listen-settings.ts'

test.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('listens on %s', (HOST) => {
  expect(() => assertGuarded({ HOST, TRUSTED_NETWORK: false })).not.toThrow()
})

test.each(['0.0.0.0', '::', '192.168.1.4', '127.0.0.1.example.org', 'localhost.example.org'])(
  'refuses %s unless there are keys, or the network is trusted',
  (HOST) => {
    expect(() => assertGuarded({ HOST, TRUSTED_NETWORK: false })).toThrow(SettingsError)
    expect(() => assertGuarded({ HOST, TRUSTED_NETWORK: true })).not.toThrow()
    expect(() => assertGuarded({ HOST, TRUSTED_NETWORK: false, API_KEYS_FILE: 'keys.json' })).not.toThrow()
  },
)

describe('host names', () => {
  const schema = z.object(listenSettings)
  const hostsOf = (environment: Record<string, string>) => allowedHosts(readSettings(schema, environment))
  const trusted = { HOST: '0.0.0.0', TRUSTED_NETWORK: 'true' }

  test.each([
    ['on loopback without keys: only those of loopback', {}, []],
    [
      'on loopback without keys, with a setting: also these',
      { ALLOWED_HOSTS: 'Shop.internal, ::2' },
      ['shop.internal', '::2'],
    ],
    ['with keys: any', { API_KEYS_FILE: 'keys.json' }, undefined],
    ['with keys and a setting: these', { API_KEYS_FILE: 'keys.json', ALLOWED_HOSTS: 'a' }, ['a']],
    ['in a trusted network: any', trusted, undefined],
    [
      'in a trusted network, with a setting: these',
      { ...trusted, ALLOWED_HOSTS: 'gateway-1' },
      ['gateway-1'],
    ],
  ])('%s', (_, environment, hosts) => {
    expect(hostsOf(environment)).toEqual(hosts)
  })

  test.each(['http://shop', 'shop:8080', '*', 'a b', '[::1]'])('%s is not a host name', (ALLOWED_HOSTS) => {
    expect(() => hostsOf({ ALLOWED_HOSTS })).toThrow(
      /^ALLOWED_HOSTS: must be host names or addresses without/,
    )
  })
})
