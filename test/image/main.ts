import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Child, createChild } from '../../deploy/child.ts'
import { isReady } from '../../deploy/is-ready.ts'
import { startKafka } from '../../deploy/kafka/start-kafka.ts'
import { LaunchError } from '../../deploy/launch-error.ts'
import { freePorts } from '../../deploy/ports.ts'
import { startWatchdog } from '../../deploy/watchdog.ts'
import { checkoutOf } from '../checkouts.ts'
import { memoryLimit } from '../memory-limit.ts'
import { compose, composeFile, type Service } from '../read-compose.ts'
import { buildRoot } from './build-root.ts'
import { containerCommand, limitMemory, type MemoryLimit } from './container.ts'

const READY_WITHIN_MS = 120_000
const LIMIT = Number(memoryLimit('gateway').BUN_JSC_forceRAMSize)
const WRITES = `for (const path of ['/app/x', '/tmp/x', '/data/x']) {
  try { require('fs').writeFileSync(path, ''); console.log(path, 'written') } catch ({ code }) { console.log(path, code) }
}`

const say = (line: string): void => void process.stdout.write(`${line}\n`)

function expectThat(what: string, actual: unknown, expected: unknown): void {
  const isAsExpected = JSON.stringify(actual) === JSON.stringify(expected)
  say(`${isAsExpected ? 'ok   ' : 'WRONG'} ${what}: ${JSON.stringify(actual)}`)
  if (!isAsExpected) process.exitCode = 1
}

async function awaitReady(url: string): Promise<void> {
  const giveUp = Date.now() + READY_WITHIN_MS
  while (!(await isReady(url))) {
    if (Date.now() > giveUp) throw new LaunchError(`${url} is not ready`)
    await sleep(100)
  }
}

const serviceOf = (name: string): Service => {
  const service = compose.services[name]
  if (!service) throw new LaunchError(`the compose file has no ${name}`)
  return service
}

/** What the kernel says about the process. */
function confinementOf(pid: number | undefined): Record<string, string | undefined> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1]
  return {
    uid: field('Uid'),
    gid: field('Gid'),
    capabilities: field('CapEff'),
    noNewPrivileges: field('NoNewPrivs'),
  }
}

const memoryOf = ({ mostBytes }: MemoryLimit): string =>
  `used ${Math.round(mostBytes() / 2 ** 20)} of ${LIMIT / 2 ** 20} MiB`

/** Needs no engine. */
function readCompose(): void {
  if (spawnSync('docker', ['compose', 'version']).status !== 0)
    say('     there is no docker compose to read the file')
  else
    expectThat(
      'docker compose config',
      spawnSync('docker', ['compose', '-f', composeFile, 'config', '-q']).status,
      0,
    )
}

async function check(folder: string): Promise<void> {
  readCompose()
  const root = join(folder, 'root')
  buildRoot(root)
  say(`built the root file system of ${serviceOf('gateway-1').image} in ${root}`)
  const watchdog = startWatchdog(folder)
  const groups: MemoryLimit[] = []
  const [gatewayPort = 0, processorPort = 0] = await freePorts(2)
  const urls = { gateway: `http://127.0.0.1:${gatewayPort}`, processor: `http://127.0.0.1:${processorPort}` }

  function inContainer(name: string, command: readonly string[]) {
    const volume = join(folder, `${name}-volume`)
    mkdirSync(volume, { recursive: true })
    chownSync(volume, 1000, 1000)
    const group = limitMemory(`checkout-${process.pid}-${name}`, LIMIT)
    if (group) groups.push(group)
    return { group, ...containerCommand({ root, volume, cgroup: group?.folder, command }) }
  }

  /** The service with the command and the environment of the compose file, on loopback instead of its networks. */
  function start(
    name: string,
    port: number,
    brokers: string,
  ): { child: Child; group: MemoryLimit | undefined } {
    const { command, environment } = serviceOf(name)
    const { group, env, ...container } = inContainer(name, command)
    const local = { HOST: '127.0.0.1', PORT: String(port), KAFKA_BROKERS: brokers }
    const child = createChild({
      name,
      stage: name.startsWith('gateway') ? 'gateway' : 'processor',
      ...container,
      env: {
        PATH: process.env['PATH'],
        ...env,
        NODE_ENV: 'production',
        ...environment,
        ...local,
        PROCESSOR_URLS: urls.processor,
      },
      logFile: join(folder, `${name}.log`),
      watchdog,
    })
    child.start()
    return { child, group }
  }

  function runOnce(name: string, command: readonly string[]) {
    const { command: program, args, env } = inContainer(name, command)
    return spawnSync(program, args, { env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' })
  }

  try {
    const { bootstrap } = await startKafka({ dataDir: join(folder, 'kafka'), brokers: 1, watchdog, log: say })
    const processor = start('processor-1', processorPort, bootstrap.join(','))
    const gateway = start('gateway-1', gatewayPort, bootstrap.join(','))
    await awaitReady(urls.processor)
    await awaitReady(urls.gateway)
    say('gateway-1 and processor-1 are ready')
    for (const { child } of [gateway, processor])
      expectThat(child.name, confinementOf(child.pid), {
        uid: '1000',
        gid: '1000',
        capabilities: '0000000000000000',
        noNewPrivileges: '1',
      })
    const [, , ...health] = serviceOf('gateway-1').healthcheck?.test ?? []
    const probe = health.map((part) => part.replace('http://127.0.0.1:8080', urls.gateway))
    expectThat('its health check', runOnce('health', probe).status, 0)
    expectThat('what it may write', runOnce('writes', ['-e', WRITES]).stdout.trim().split('\n'), [
      '/app/x EROFS',
      '/tmp/x written',
      '/data/x written',
    ])
    const answer = await fetch(`${urls.gateway}/checkout`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'wait=20' },
      body: JSON.stringify(checkoutOf('quick', 1)),
    })
    expectThat('a checkout and its outcome', answer.status, 200)
    const load = serviceOf('loadgen').command.map((part) =>
      part.replace('http://gateway-1:8080', urls.gateway).replace(/^60s$/, '5s'),
    )
    expectThat('the load generator', runOnce('loadgen', load).status, 0)
    for (const { child, group } of [gateway, processor])
      say(
        `     ${child.name} ${group ? memoryOf(group) : 'was not limited: there is no control group of version 1'}`,
      )
    for (const { child } of [gateway, processor]) {
      const ended = new Promise<string>((resolve) => child.onDeath(resolve))
      await child.kill('SIGTERM')
      expectThat(`the end of ${child.name}`, await ended, 'exit code 0')
    }
  } finally {
    await watchdog.drain()
    for (const group of groups) group.remove()
  }
}

async function main(): Promise<void> {
  if (process.getuid?.() !== 0) throw new LaunchError('only root may enter another root file system')
  const folder = mkdtempSync(join(tmpdir(), 'checkout-image-'))
  try {
    await check(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  await main()
} catch (error) {
  if (!(error instanceof LaunchError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
