import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { LaunchError } from '../launch-error.ts'
import { openDataFolder } from './data-folder.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-folder-'))
  return () => rmSync(folder, { recursive: true })
})

test('finds the cluster that it made', () => {
  const made = openDataFolder(join(folder, 'new'), '4.3.0', 1)
  expect(made.id).toMatch(/^k[\w-]{21}$/)
  expect(openDataFolder(join(folder, 'new'), '4.3.0', 1)).toEqual(made)
})

test.each([
  ['another version of Kafka', '{"version":"4.2.0","brokers":1,"id":"k"}', 'Kafka 4.2.0, this is 4.3.0'],
  ['another number of brokers', '{"version":"4.3.0","brokers":3,"id":"k"}', '3 broker(s), not 1'],
  ['something that is no marker', 'x', 'an unknown version'],
])('refuses data of %s', (_, marker, message) => {
  writeFileSync(join(folder, 'kafka.json'), marker)
  expect(() => openDataFolder(folder, '4.3.0', 1)).toThrow(LaunchError)
  expect(() => openDataFolder(folder, '4.3.0', 1)).toThrow(message)
})
