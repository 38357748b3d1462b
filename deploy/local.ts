import { inspect } from 'node:util'
import { settingsFaults } from './check-settings.ts'
import { createReport } from './create-report.ts'
import { launch } from './launch.ts'
import { LaunchError } from './launch-error.ts'
import { forgetState } from './launcher-state.ts'
import { help, type Options, parseOptions } from './options.ts'
import { onParentExit } from './parents.ts'
import { readyMessage } from './ready-message.ts'
import { reservePorts } from './reserve-ports.ts'
import { startWatchdog } from './watchdog.ts'

/** From a terminal one Ctrl-C may arrive twice: npm forwards the signal that we already received. */
const sameKeystrokeMs = 500
const EXIT_WRONG_OPTIONS = 2

const report = createReport(console.log, process.stdout)
const reportError = createReport(console.error, process.stderr)
const parsed = parseOptions(process.argv.slice(2), process.env)
if (parsed.kind === 'help') {
  process.stdout.write(help)
} else {
  const faults = [...(parsed.kind === 'faults' ? parsed.faults : []), ...settingsFaults(process.env)]
  if (parsed.kind === 'options' && faults.length === 0) await run(parsed.options).catch(fail)
  else {
    console.error(
      `${faults.join('\n')}\nnpm start -- --help shows the flags; docs/reference/configuration.md lists the settings`,
    )
    process.exitCode = EXIT_WRONG_OPTIONS
  }
}

async function run(options: Options) {
  const ports = await reservePorts(options)
  const watchdog = startWatchdog(options.data)
  forgetState(options.data)
  const stopping = new AbortController()
  let stoppedAt = 0

  async function stop(exitCode: number, why: string) {
    if (stopping.signal.aborted) {
      if (Date.now() - stoppedAt > sameKeystrokeMs) watchdog.kill()
      return
    }
    stopping.abort()
    stoppedAt = Date.now()
    report(`${why}: stopping gateways, then processors${options.kafkaBrokers ? '' : ', then Kafka'}`)
    await watchdog.drain()
    report('stopped')
    process.exit(exitCode)
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void stop(0, signal))
  if (process.env['npm_lifecycle_event']) onParentExit(() => void stop(0, 'npm ended'))
  watchdog.onDeath(() => void stop(1, 'the watchdog ended'))

  const env: NodeJS.ProcessEnv = { ...process.env }
  // A test that starts this process wants it as in production.
  if (env['NODE_ENV'] === 'test') delete env['NODE_ENV']
  const giveUp = () => void stop(1, 'giving up')
  try {
    const kafka = await launch(options, {
      env,
      watchdog,
      report,
      giveUp,
      ports,
      stopping: stopping.signal,
    })
    report(readyMessage(options, kafka, Boolean(env['API_KEYS_FILE'])))
  } catch (error) {
    // A process that is being stopped cannot become ready.
    if (stopping.signal.aborted) return
    stopping.abort()
    await watchdog.drain()
    throw error
  }
}

function fail(error: unknown) {
  // A system error (a folder that cannot be written) needs no stack trace, either.
  const plain = error instanceof Error && (error instanceof LaunchError || 'code' in error)
  reportError(plain ? error.message : inspect(error))
  process.exit(1)
}
