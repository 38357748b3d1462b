import { rmSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { SettingsError } from '../process/settings.ts'
import { openKeyring } from './keyring.ts'
import { createTestKeys } from './testing/keys.ts'

afterEach(() => vi.useRealTimers())

const silent = pino({ level: 'silent' })

function logLines() {
  const lines: string[] = []
  return { lines, log: pino({}, { write: (line: string) => lines.push(line) }) }
}

test('has the keys of its file, and none without a file', () => {
  const keys = createTestKeys()
  const { id } = keys.mint('web', ['write'])
  const { keyring } = keys.open()
  expect(keyring.find(id)).toMatchObject({ owner: 'web', scopes: ['write'] })
  expect(keyring.find('other')).toBeUndefined()
  expect(openKeyring({}, silent)).toBeUndefined()
})

test('an added, changed or removed key takes effect within seconds; other keys are not affected', async () => {
  const keys = createTestKeys()
  const [stays, altered, removed] = [1, 2, 3].map(() => keys.mint('web', ['read']))
  const { keyring } = keys.open()
  const held = [stays, altered, removed].map((key) => keyring.find(key?.id ?? ''))
  keys.keys.splice(2, 1)
  Object.assign(keys.keys[1] ?? {}, { scopes: ['write'] })
  const added = keys.mint('app', ['read'])
  await vi.waitFor(() => expect(keyring.find(added.id)).toBeDefined(), { timeout: 10_000 })
  expect(keyring.find(altered?.id ?? '')?.scopes).toEqual(['write'])
  expect(keyring.find(removed?.id ?? '')).toBeUndefined()
  expect(held.map((key) => key?.revoked.aborted)).toEqual([false, true, true])
  expect(keyring.find(stays?.id ?? '')).toBe(held[0])
})

test.each([
  ['is no longer JSON', (keys: ReturnType<typeof createTestKeys>) => keys.write('{"keys": [')],
  ['is missing', (keys: ReturnType<typeof createTestKeys>) => rmSync(keys.path)],
])('when the file %s, the previous keys stay valid, and the fault is logged once', async (_, damage) => {
  vi.useFakeTimers()
  const keys = createTestKeys()
  const { id, bearer } = keys.mint('web', ['read'])
  const { log, lines } = logLines()
  const { keyring } = keys.open(log)
  damage(keys)
  await vi.waitFor(() => expect(lines.join('')).toContain('keeping the previous keys'), { timeout: 10_000 })
  expect(keyring.find(id)?.revoked.aborted).toBe(false)
  expect(lines.join('')).not.toContain(bearer)
  await vi.advanceTimersByTimeAsync(5_000)
  const { id: next } = keys.mint('app', ['read'])
  await vi.waitFor(() => expect(keyring.find(next)).toBeDefined(), { timeout: 10_000 })
  expect(lines.filter((line) => line.includes('keeping the previous keys'))).toHaveLength(1)
})

const good = { id: 'k', hash: 'a'.repeat(64), owner: 'web', scopes: ['read'] }
test.each([
  ['not JSON', 'keys', /is not JSON/],
  ['no list', '[]', /keys.*npm run mint-key/],
  ['an unknown scope', JSON.stringify({ keys: [{ ...good, scopes: ['admin'] }] }), /keys\.0\.scopes\.0/],
  ['no scopes', JSON.stringify({ keys: [{ ...good, scopes: [] }] }), /keys\.0\.scopes/],
  [
    'a secret in clear',
    JSON.stringify({ keys: [{ ...good, hash: 'swordfish' }] }),
    /keys\.0\.hash must be a SHA-256/,
  ],
  ['a misspelt field', JSON.stringify({ keys: [{ ...good, expire: '2026' }] }), /expire/],
  [
    'a day without a time',
    JSON.stringify({ keys: [{ ...good, expires: '2026-12-01' }] }),
    /keys\.0\.expires/,
  ],
  ['an owner that fits no header', JSON.stringify({ keys: [{ ...good, owner: 'a b' }] }), /keys\.0\.owner/],
  ['one id twice', JSON.stringify({ keys: [good, good] }), /the same id/],
])('refuses to start with %s, and says where', (_, text, message) => {
  const keys = createTestKeys()
  keys.write(text)
  expect(() => keys.open()).toThrow(SettingsError)
  expect(() => keys.open()).toThrow(message)
  expect(() => keys.open()).not.toThrow(/swordfish/)
})

test('refuses to start without its file', () => {
  const path = join(createTestKeys().path, 'nowhere')
  expect(() => openKeyring({ API_KEYS_FILE: path }, silent)).toThrow(
    /API_KEYS_FILE: .*nowhere: ENOTDIR.*npm run mint-key/,
  )
})

test('refuses to start with an empty list of keys, but a list emptied later revokes all keys', async () => {
  const keys = createTestKeys()
  keys.write('{"keys": []}')
  expect(() => keys.open()).toThrow(/^API_KEYS_FILE: .* has no keys; npm run mint-key/)
  const { id } = keys.mint('web', ['read'])
  const { keyring } = keys.open()
  keys.write('{"keys": []}')
  await vi.waitFor(() => expect(keyring.find(id)).toBeUndefined(), { timeout: 10_000 })
})
