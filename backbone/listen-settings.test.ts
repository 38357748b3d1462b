import { expect, test } from 'vitest'
import { assertLoopback } from './listen-settings.ts'
import { SettingsError } from './settings.ts'

test.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('listens on %s', (HOST) => {
  expect(() => assertLoopback({ HOST, TRUSTED_NETWORK: false })).not.toThrow()
})

test.each(['0.0.0.0', '::', '192.168.1.4', '127.0.0.1.example.org', 'localhost.example.org'])(
  'refuses %s unless the network is trusted',
  (HOST) => {
    expect(() => assertLoopback({ HOST, TRUSTED_NETWORK: false })).toThrow(SettingsError)
    expect(() => assertLoopback({ HOST, TRUSTED_NETWORK: true })).not.toThrow()
  },
)
