import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { openKafka } from './open-kafka.ts'
import { PEM } from './testing/certificate.ts'

test('the certificates of the authority are read once: their file may be a pipe', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'open-kafka-'))
  const file = join(folder, 'ca.pem')
  execFileSync('mkfifo', [file])
  const writing = 'printf %s "$PEM" > "$0"; while true; do true > "$0"; done'
  const writer = spawn('sh', ['-c', writing, file], { env: { ...process.env, PEM } })
  onTestFinished(() => {
    writer.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })
  const registry = new Registry()
  const settings = {
    KAFKA_BROKERS: ['127.0.0.1:1'],
    KAFKA_TLS: true,
    KAFKA_TLS_CA_FILE: file,
    KAFKA_SASL_PLAIN_WITHOUT_TLS: false,
  }
  openKafka(settings, 'test', { onRefusal: () => undefined, registry, log: pino({ level: 'silent' }) })
  const expiry = Date.parse('2126-11-05T08:37:11Z') / 1_000
  expect(await registry.metrics()).toContain(`{certificate="KAFKA_TLS_CA_FILE"} ${expiry}`)
})
