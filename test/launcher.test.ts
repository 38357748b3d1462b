import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freePorts } from '../deploy/ports.ts'
import { descendantsOf } from './processes.ts'
import { becomesReady, nothingLeft, paste, type Run, runLauncher, startMs } from './run-launcher.ts'

// Java by itself would read such a name in another way, or not find what has it.
const folder = mkdtempSync(join(tmpdir(), 'Código de José '))
const data = join(folder, 'data')
let port: number
let launcher: Run

beforeAll(async () => {
  ;[port = 0] = await freePorts(1)
  launcher = runLauncher(['--port', String(port), '--data', data])
  await becomesReady(launcher)
})
afterAll(async () => {
  launcher.process.kill('SIGKILL')
  await nothingLeft([], folder)
  rmSync(folder, { recursive: true })
})

const children = () => descendantsOf(launcher.process.pid ?? 0)

async function buy() {
  const post = paste(launcher, 'curl -X POST')
  await post.ended
  expect(JSON.parse(post.stdout())).toMatchObject({ status: 'accepted' })
}

async function listed() {
  const get = paste(launcher, 'curl http')
  await get.ended
  return JSON.parse(get.stdout())
}

test('says once that all is ready, and nothing of what was waiting for Kafka until then', () => {
  expect(launcher.stdout().match(/^ready .*$/gm)).toEqual([`ready http://127.0.0.1:${port}`])
  expect(launcher.stdout() + launcher.stderr()).not.toMatch(/Kafka is not/)
})

test('prints examples that work as they are', async () => {
  await buy()
  const stream = paste(launcher, 'curl -N')
  await stream.says('event: notification')
  stream.process.kill()
  expect(await listed()).toMatchObject({ items: [{ kind: 'quick' }] })
})

test('tells a second launcher in one line that the port or the data folder is in use', async () => {
  const [other] = await freePorts(1)
  const samePort = runLauncher(['--port', String(port), '--data', join(folder, 'unused')])
  expect(await samePort.ended).toBe(1)
  expect(samePort.stdout() + samePort.stderr()).toMatch(/^port \d+ is in use: .*--port\n$/)

  const sameData = runLauncher(['--port', String(other), '--data', data])
  expect(await sameData.ended).toBe(1)
  expect(sameData.stdout() + sameData.stderr()).toMatch(/^.* is in use by another launcher.*--data.*\n$/)
})

test.each([
  ['gateway-1', 'gateway/main.ts'],
  ['processor-1', 'processor/main.ts'],
  ['kafka-1', 'kafka.Kafka'],
])('reports that %s was killed, and starts it again', async (name, program) => {
  const find = () => children().find(({ command }) => command.includes(program))
  const victim = find()
  expect(victim).toBeDefined()
  process.kill(victim?.pid ?? 0, 'SIGKILL')
  await launcher.says(`${name} died (SIGKILL), next start in 0.5 s`)
  await vi.waitFor(() => expect(find()).toBeDefined(), 5000)
})

test('takes checkouts again after all that', { timeout: startMs }, async () => {
  await vi.waitFor(buy, { timeout: startMs, interval: 500 })
})

test('stops everything with SIGTERM, and finds the data at the next start', {
  timeout: 3 * startMs,
}, async () => {
  const pids = children().map(({ pid }) => pid)
  expect(pids).toHaveLength(['watchdog', 'kafka-1', 'processor-1', 'processor-2', 'gateway-1'].length)
  launcher.process.kill('SIGTERM')
  expect(await launcher.ended).toBe(0)
  expect(launcher.stdout()).toMatch(/^SIGTERM: stopping [^]*^stopped\n$/m)
  await nothingLeft(pids, data)

  launcher = runLauncher(['--port', String(port), '--data', data])
  await becomesReady(launcher)
  expect(await listed()).toMatchObject({ items: [{ kind: 'quick' }] })
})

test('leaves nothing behind when it is killed', { timeout: 2 * startMs }, async () => {
  const pids = children().map(({ pid }) => pid)
  expect(pids).toHaveLength(5)
  launcher.process.kill('SIGKILL')
  await nothingLeft(pids, data)
})
