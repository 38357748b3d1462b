import { expect, test } from 'vitest'
import { SettingsError } from '../process/settings.ts'
import { assertGuarded } from './listen-settings.ts'

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
