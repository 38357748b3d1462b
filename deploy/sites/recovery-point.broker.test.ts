import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'recovery-point-'))
afterAll(() => rmSync(folder, { recursive: true }))

function compare(at: string, settings: Record<string, string> = {}) {
  const args = [join(import.meta.dirname, 'recovery-point.ts'), '--from', at, '--to', at]
  const env = { PATH: process.env['PATH'], ...settings }
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env, timeout: 60_000 })
  return { status, lastLine: stderr.trim().split('\n').at(-1) }
}

test('it ends when Kafka refuses it, with the setting to check', () => {
  const [broker = ''] = inject('kafkaBrokers')
  writeFileSync(join(folder, 'password'), 'secret')
  const settings = {
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: 'gateway',
    KAFKA_SASL_PASSWORD_FILE: join(folder, 'password'),
  }
  expect(compare(broker, settings)).toEqual({
    status: 2,
    lastLine: `Kafka at ${broker} takes no SASL (user "gateway"): check KAFKA_SASL_MECHANISM and KAFKA_BROKERS`,
  })
}, 90_000)

test('it ends when no broker answers', () => {
  expect(compare('127.0.0.1:1').status).toBe(2)
}, 90_000)
