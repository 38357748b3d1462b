import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { processesNaming } from '../test/processes.ts'
import { isRunning } from './is-running.ts'
import { LaunchError } from './launch-error.ts'
import { startWatchdog } from './watchdog.ts'

let folder: string
let log: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchdog-'))
  log = join(folder, 'log')
  writeFileSync(log, '')
  return () => rmSync(folder, { recursive: true })
})

/** Writes its stage after its start, and again some time after it was asked to end; needs no reader. */
const worker =
  'exec 2>/dev/null; trap "sleep 0.3; echo $0 ended >>$1; exit" INT; echo $0 started >>$1; while :; do sleep 0.05; done'
const stages = ['kafka', 'processor', 'gateway'] as const
const inOrder = ['gateway ended', 'processor ended', 'kafka ended']

const logged = (word: string) =>
  readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith(word))
const allStarted = () => vi.waitFor(() => expect(logged('started')).toHaveLength(stages.length), 5000)

function startWorkers() {
  const watchdog = startWatchdog(folder)
  for (const stage of stages) {
    watchdog.spawn(stage, 'sh', ['-c', worker, stage, log], {
      env: process.env,
      stdout: 'pipe',
      stderr: 'pipe',
    })
  }
  return watchdog
}

test('drains stage by stage, and starts nothing meanwhile', async () => {
  const watchdog = startWorkers()
  await allStarted()
  const drained = watchdog.drain()
  expect(() => watchdog.spawn('kafka', 'true', [], { env: {}, stdout: 'pipe', stderr: 'pipe' })).toThrow()
  await drained
  expect(logged('ended')).toEqual(inOrder)
})

test('drains when its parent is killed', async () => {
  const owner = spawnOwner(`
    for (const stage of ${JSON.stringify(stages)}) {
      watchdog.spawn(stage, 'sh', ['-c', ${JSON.stringify(worker)}, stage, ${JSON.stringify(log)}],
        { env: process.env, stdout: 'pipe', stderr: 'pipe' })
    }`)
  await allStarted()
  owner.kill('SIGKILL')
  await vi.waitFor(() => expect(logged('ended')).toEqual(inOrder), 5000)
})

test('leaves no process when it is killed itself', async () => {
  const watchdog = startWorkers()
  await allStarted()
  const died = new Promise<void>((resolve) => watchdog.onDeath(resolve))
  for (const pid of processesNaming(join(folder, 'running'))) process.kill(pid, 'SIGKILL')
  await died
  await watchdog.drain()
  expect(logged('ended')).toEqual(inOrder)
})

test('guards a folder for one owner at a time', async () => {
  const owner = spawnOwner('console.log("guarding")')
  if (owner.stdout) await once(owner.stdout, 'data')
  expect(() => startWatchdog(folder)).toThrow(LaunchError)

  owner.kill('SIGKILL')
  const next = await vi.waitFor(() => startWatchdog(folder), 5000)
  await next.drain()
})

test('a folder whose state cannot be read is rejected', () => {
  const other = join(folder, 'other')
  mkdirSync(join(other, 'running'), { recursive: true })
  expect(() => startWatchdog(other)).toThrow(/other cannot be used \(EISDIR\)/)
})

test('kills processes that do not end in time', async () => {
  const ignoring = 'trap "" INT; echo ignores it; while :; do sleep 0.05; done'
  const stubborn = spawn('sh', ['-c', ignoring], { detached: true })
  const killed = once(stubborn, 'exit')
  await once(stubborn.stdout, 'data')
  const script = join(import.meta.dirname, 'watchdog.sh')
  const watchdog = spawn('sh', [script, join(folder, 'running'), 'gateway:1'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  watchdog.stdin?.end(`+ ${stubborn.pid} gateway\n`)
  expect(await killed).toEqual([null, 'SIGKILL'])
})

test('forgets a child that has ended by itself', async () => {
  const bystander = spawn('sleep', ['60'], { detached: true })
  onTestFinished(() => void bystander.kill())
  const script = join(import.meta.dirname, 'watchdog.sh')
  const watchdog = spawn('sh', [script, join(folder, 'running'), 'gateway:1'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  watchdog.stdin?.end(`+ ${bystander.pid} gateway\n- ${bystander.pid}\n`)
  await once(watchdog, 'exit')
  expect(isRunning(bystander.pid ?? 0)).toBe(true)
})

function spawnOwner(code: string): ChildProcess {
  const module = join(import.meta.dirname, 'watchdog.ts')
  const start = `const { startWatchdog } = await import(${JSON.stringify(module)})
    const watchdog = startWatchdog(${JSON.stringify(folder)}); setInterval(() => {}, 1000);`
  return spawn(process.execPath, ['-e', start + code], { stdio: ['ignore', 'pipe', 'inherit'] })
}
