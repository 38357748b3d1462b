import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type TestContext, test } from 'vitest'
import { freePorts } from '../deploy/ports.ts'
import { freeLauncherPort, type Run, root, run, runLauncher } from './run-launcher.ts'

/** A separate folder and port, because the tests run concurrently. */
async function arrange({ onTestFinished }: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'launcher-faults-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return { folder, data: join(folder, 'data'), port: String(await freeLauncherPort()) }
}

async function expectOneLine(launcher: Run, line: RegExp) {
  expect(await launcher.ended).toBe(1)
  expect(launcher.stdout()).toBe('')
  const [time = '', text = ''] = launcher.stderr().split(/(?<=Z) /, 2)
  expect(Date.parse(time)).not.toBeNaN()
  expect(text).toMatch(line)
}

/** A PATH with only these. */
function only(folder: string, ...commands: string[]): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  for (const command of commands) symlinkSync(Bun.which(command) ?? command, join(bin, command))
  return bin
}

const advice = 'or set KAFKA_BROKERS to a Kafka that is running already, or use `docker compose up`\n$'

test.concurrent('no Java: one line names what to install', async (context) => {
  const { folder, data, port } = await arrange(context)
  const env = { PATH: only(folder, 'sh', 'mkfifo', 'rm'), JAVA_HOME: '' }
  const line = new RegExp(`^Kafka needs Java 17 or newer, and there is no java: install a JRE, ${advice}`)
  await expectOneLine(runLauncher(['--port', port, '--data', data], env), line)
})

test.concurrent('no jars and no Maven: one line names what to install', async (context) => {
  const { folder, data, port } = await arrange(context)
  const deploy = join(folder, 'deploy')
  cpSync(join(root, 'deploy'), deploy, { recursive: true, filter: (path) => !path.includes('libs') })
  for (const name of ['backbone', 'gateway', 'processor', 'node_modules'])
    symlinkSync(join(root, name), join(folder, name))
  const env = { PATH: only(folder, 'sh', 'mkfifo', 'rm', 'java') }
  const launcher = run(process.execPath, [join(deploy, 'local.ts'), '--port', port, '--data', data], env)
  await expectOneLine(launcher, new RegExp(`^Maven \\(mvn\\) is needed once, .*: install it, ${advice}`))
})

test.concurrent.for<[string, object, RegExp]>([
  [
    'another Kafka',
    { version: '3.9.0', brokers: 1, id: 'k' },
    /^.*data of Kafka 3\.9\.0, this is .*--data.*\n$/,
  ],
  ['three brokers', { version: '4.3.0', brokers: 3, id: 'k' }, /^.*data of 3 broker.*--brokers 3.*\n$/],
])('the data of %s: one line reports it', async ([, marker, line], context) => {
  const { data, port } = await arrange(context)
  mkdirSync(data)
  writeFileSync(join(data, 'kafka.json'), JSON.stringify(marker))
  await expectOneLine(runLauncher(['--port', port, '--data', data]), line)
})

test.concurrent('a used Kafka port: one line reports it', async (context) => {
  const { data, port } = await arrange(context)
  const taken = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data: () => undefined } })
  context.onTestFinished(() => taken.stop())
  const launcher = runLauncher(['--port', port, '--data', data, '--kafka-port', String(taken.port)])
  await expectOneLine(launcher, /^port \d+ is in use: .*--kafka-port\n$/)
})

test.concurrent('a used processor port: one line names it and the flag', async (context) => {
  const { data, port } = await arrange(context)
  const taken = Bun.listen({
    hostname: '127.0.0.1',
    port: Number(port) + 11,
    socket: { data: () => undefined },
  })
  context.onTestFinished(() => taken.stop())
  const launcher = runLauncher(['--port', port, '--data', data])
  await expectOneLine(launcher, /^port \d+ of processor-2 is in use: choose another with --processor-port\n$/)
})

test.concurrent('flags and settings that make no sense: all of them at once, before anything starts', async (context) => {
  const { data } = await arrange(context)
  const launcher = runLauncher(['--port', 'http', '--brokers', '2', '--gateway', '2', '--data', data], {
    LOG_LEVEL: 'loud',
    KAFKA_TLS: 'perhaps',
  })
  expect(await launcher.ended).toBe(2)
  expect(launcher.stderr().match(/^(--[\w-]+|[A-Z_]+)(?=: | )/gm)).toEqual([
    '--gateway',
    '--brokers',
    '--port',
    'KAFKA_TLS',
    'KAFKA_TLS',
    'LOG_LEVEL',
  ])
  expect(launcher.stderr()).toContain('did you mean --gateways?')
  expect(launcher.stdout()).toBe('')
  expect(existsSync(data)).toBe(false)
})

test.concurrent('an unreachable Kafka: reports once that it waits, and then the remedy; stops no Kafka', {
  timeout: 60_000,
}, async (context) => {
  const { data, port } = await arrange(context)
  const kafka = `127.0.0.1:${(await freePorts(1))[0]}`
  const launcher = runLauncher(['--port', port, '--data', data], { KAFKA_BROKERS: kafka })
  await launcher.says('or correct KAFKA_BROKERS', 30_000)
  launcher.process.kill('SIGTERM')
  expect(await launcher.ended).toBe(0)
  const lines = launcher
    .stdout()
    .replaceAll(/^\S+Z /gm, '')
    .split('\n')
  expect(lines).toEqual([
    `waiting for Kafka at ${kafka}`,
    expect.stringMatching(/^Kafka does not answer yet: start it, or correct KAFKA_BROKERS/),
    'SIGTERM: stopping gateways, then processors',
    'stopped',
    '',
  ])
})
