import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { descendantsOf } from './processes.ts'
import {
  becomesReady,
  freeLauncherPort,
  nothingLeft,
  paste,
  type Run,
  root,
  run,
  runLauncher,
  startMs,
} from './run-launcher.ts'

// Java would interpret such a name, or not find a file with it.
const folder = mkdtempSync(join(tmpdir(), 'Código de José '))
const data = join(folder, 'data')
let port: number
let launcher: Run

beforeAll(async () => {
  port = await freeLauncherPort()
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

test('reports once that all is ready, without warnings', () => {
  expect(launcher.stdout().match(/ ready .*$/gm)).toEqual([` ready http://127.0.0.1:${port}`])
  expect(launcher.stdout() + launcher.stderr()).not.toMatch(/Kafka is not|: (?:warn|error): /)
})

test('prints the addresses of its pages, before the examples', () => {
  const [pages = ''] = launcher.stdout().split('curl')
  expect(pages).toContain(`\nOperations page http://127.0.0.1:${port}/\n`)
  expect(pages).toContain(`\nDemonstration shop http://127.0.0.1:${port}/demo\n`)
})

test('prints examples that work as they are', async () => {
  await buy()
  const stream = paste(launcher, 'curl -N')
  await stream.says('event: notification')
  stream.process.kill()
  expect(await listed()).toMatchObject({ items: [{ kind: 'quick' }] })
})

test('a second launcher reports in one line that the port or the data folder is in use', async () => {
  const other = await freeLauncherPort()
  const samePort = runLauncher(['--port', String(port), '--data', join(folder, 'unused')])
  expect(await samePort.ended).toBe(1)
  expect(samePort.stdout() + samePort.stderr()).toMatch(/^\S+Z port \d+ is in use: .*--port\n$/)

  const sameData = runLauncher(['--port', String(other), '--data', data])
  expect(await sameData.ended).toBe(1)
  expect(sameData.stdout() + sameData.stderr()).toMatch(/^\S+Z .* is in use by another launcher.*--data.*\n$/)
})

test('each line has a time', () => {
  const lines = launcher.stdout().split('\n')
  const own = lines.slice(
    0,
    lines.findIndex((line) => line === ''),
  )
  expect(own.filter((line) => !/^\d{4}-\d\d-\d\dT[\d:.]+Z /.test(line))).toEqual([])
  expect(own.at(-1)).toMatch(/ ready http/)
})

test('processors listen on the ports after the tenth of the gateway', async () => {
  const answers = [10, 11].map((above) => fetch(`http://127.0.0.1:${port + above}/metrics`))
  for (const answer of await Promise.all(answers)) {
    expect(await answer.text()).toContain('checkout_consumer_lag_records')
  }
})

describe('npm run status', () => {
  const status = (...args: string[]) =>
    run(process.execPath, [join(root, 'deploy', 'status', 'main.ts'), ...args])

  test('shows every process in lines of at most 80 columns, and that all is well', async () => {
    const shown = status('--data', data)
    expect(await shown.ended).toBe(0)
    const lines = shown.stdout().split('\n')
    for (const [name, own] of [
      ['kafka-1', '\\d+'],
      ['processor-1', `${port + 10}`],
      ['processor-2', `${port + 11}`],
      ['gateway-1', `${port}`],
    ]) {
      expect(shown.stdout()).toMatch(new RegExp(`^${name} +${own} +\\d+ +ready +[\\d-]`, 'm'))
    }
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(shown.stdout()).toContain('all is well')
  })

  test('reports what does not respond, and what to do', async () => {
    const frozen = children().find(({ command }) => command.includes('processor/main.ts'))
    process.kill(frozen?.pid ?? 0, 'SIGSTOP')
    const shown = status('--data', data)
    const code = await shown.ended
    process.kill(frozen?.pid ?? 0, 'SIGCONT')
    expect(code).toBe(1)
    expect(shown.stdout().replaceAll(/\s+/g, ' ')).toContain(
      `kill -9 ${frozen?.pid} makes the launcher restart it`,
    )
    expect(shown.stdout()).toContain('1 of 4 need attention')
  })

  test('reports that no launcher runs', async () => {
    const shown = status('--data', join(folder, 'nothing'))
    expect(await shown.ended).toBe(1)
    expect(shown.stdout()).toMatch(
      /^no launcher uses .*nothing: npm start starts one, --data names another folder\n$/,
    )
  })
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
  await launcher.says(`${name} died (SIGKILL), restarting in 0.5 s`)
  await vi.waitFor(() => expect(find()).toBeDefined(), 5000)
  await launcher.says(`${name} ready again after `, startMs)
})

test('accepts checkouts again after all that', { timeout: startMs }, async () => {
  await vi.waitFor(buy, { timeout: startMs, interval: 500 })
})

test('stops everything with SIGTERM, and finds the data at the next start', {
  timeout: 3 * startMs,
}, async () => {
  const pids = children().map(({ pid }) => pid)
  expect(pids).toHaveLength(['watchdog', 'kafka-1', 'processor-1', 'processor-2', 'gateway-1'].length)
  launcher.process.kill('SIGTERM')
  expect(await launcher.ended).toBe(0)
  expect(launcher.stdout()).toMatch(
    /^\S+Z SIGTERM: stopping gateways, then processors, then Kafka$[^]*^\S+Z stopped\n$/m,
  )
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
