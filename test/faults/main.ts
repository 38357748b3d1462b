import { writeFileSync } from 'node:fs'
import { avoidIdleTimers } from '../../backbone/kafka/idle-timers.ts'
import { canSkewBrokers } from './inject/broker-clock/clock-agent.ts'
import { type FaultName, faultNames } from './inject/fault-names.ts'
import { canHaveOwnMounts, hasOwnMounts, runWithOwnMounts } from './inject/own-mounts.ts'
import { type FaultOptions, help, parseOptions } from './options.ts'
import { formatReport } from './report/format-report.ts'
import { runFaults } from './run-faults.ts'
import { runSabotage } from './sabotage/run-sabotage.ts'

const EXIT_BROKEN = 1
const EXIT_BAD_OPTIONS = 2
const NEEDS_OWN_MOUNTS: FaultName = 'disk-full'
// With the recovery it ends within the hour by which clocks are off: see append-times.ts.
const MOST_MINUTES_OF_OFF_CLOCKS = 45

avoidIdleTimers()

const log = (line: string) => console.log(line)

async function obey({ faults, sabotage, ...options }: FaultOptions): Promise<number> {
  const wanted = sabotage.length > 0 ? [] : (faults ?? faultNames)
  if (wanted.includes(NEEDS_OWN_MOUNTS) && !hasOwnMounts() && canHaveOwnMounts()) return runWithOwnMounts()
  const impossible = wanted.flatMap((name) => {
    const need = needOf(name, options.minutes)
    return need === undefined ? [] : { name, need }
  })
  for (const { name, need } of impossible) {
    if (faults) console.error(`${name} needs ${need}: remove it from --faults`)
    else log(`${name} needs ${need}: skipped`)
  }
  if (faults && impossible.length > 0) return EXIT_BAD_OPTIONS
  const signal = stopOnSignal()
  if (sabotage.length > 0)
    return (await runSabotage({ ...options, mutations: sabotage, log, signal })) ? 0 : EXIT_BROKEN

  const possible = wanted.filter((name) => impossible.every((each) => each.name !== name))
  const report = await runFaults({ ...options, faults: possible, log, signal })
  log(`\n${formatReport(report)}`)
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, undefined, 2)}\n`)
  return report.violations.length === 0 ? 0 : EXIT_BROKEN
}

/** Requirements of a fault that this machine or this run does not meet. */
function needOf(fault: FaultName, minutes: number): string | undefined {
  if (fault === NEEDS_OWN_MOUNTS && !hasOwnMounts())
    return 'Linux, and permission to create a user namespace (unshare --user --mount)'
  if (fault === 'broker-clock') {
    if (!canSkewBrokers()) return 'a JDK (javac)'
    if (minutes > MOST_MINUTES_OF_OFF_CLOCKS) return `a run of ${MOST_MINUTES_OF_OFF_CLOCKS} minutes or less`
  }
  return undefined
}

/**
 * The first Ctrl-C ends the load and judges the results; the second ends everything: the watchdog stops the
 * rest.
 */
function stopOnSignal(): AbortSignal {
  const stopping = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (stopping.signal.aborted) process.exit(EXIT_BROKEN)
      log(`${name}: stopping the load; once more ends everything`)
      stopping.abort()
    })
  }
  return stopping.signal
}

const parsed = parseOptions(process.argv.slice(2))
if (parsed.kind === 'help') {
  process.stdout.write(help)
} else if (parsed.kind === 'faults') {
  console.error(parsed.faults.join('\n'))
  process.exitCode = EXIT_BAD_OPTIONS
} else {
  // Killed processes may have left handles open.
  process.exit(await obey(parsed.options))
}
