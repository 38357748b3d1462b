import { adviceOn } from './advice.ts'
import { reportRun } from './dashboard/report-run.ts'
import { createInterrupts } from './interrupts.ts'
import { createLoadTest } from './load-test.ts'
import type { LoadOptions } from './options/load-options.ts'
import { type Command, help, readOptions } from './options/options.ts'
import { OptionsError } from './options/options-error.ts'
import { compareRuns } from './report/compare-runs.ts'
import { formatSummary } from './report/format-summary.ts'
import { ResultFileError, readResult } from './report/read-result.ts'
import type { RunResult } from './run-result.ts'
import { RequestError } from './sending/request-error.ts'
import { RecordError } from './shoppers/record-shoppers.ts'
import { isInBackground } from './terminal/in-background.ts'
import { createRateControl } from './terminal/rate-control.ts'
import { readKeys } from './terminal/read-keys.ts'
import { showProgress } from './terminal/show-progress.ts'
import { EXIT_FAILED, verdictOf } from './verdict.ts'
import { writeResults } from './write-results.ts'

const EXIT_BAD_OPTIONS = 107
const EXIT_INTERRUPTED = 130

async function main(args: string[]): Promise<number> {
  try {
    return await obey(await readOptions(args))
  } catch (error) {
    if (error instanceof OptionsError || error instanceof ResultFileError || error instanceof RecordError) {
      console.error(error.message)
      return EXIT_BAD_OPTIONS
    }
    throw error
  }
}

async function obey(command: Command): Promise<number> {
  switch (command.kind) {
    case 'help':
      console.log(help)
      return 0
    case 'compare': {
      const [first, second] = await Promise.all(command.files.map(readResult))
      if (first && second) console.log(compareRuns(first, second))
      return 0
    }
    case 'load':
      return await load(command.options)
  }
}

async function load(options: LoadOptions): Promise<number> {
  const test = createLoadTest(options)
  const reports = options.dashboard ? await reportRun(options, test.progress) : undefined
  if (reports) printDashboard(options, reports.refusal)
  const { stopSending, stopWaiting, interrupt } = createInterrupts(
    () => test.progress().phase,
    () => {
      endShowing()
      void Promise.resolve(reports?.end()).finally(() => process.exit(EXIT_INTERRUPTED))
    },
  )
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)

  const endProgress = showProgress(process.stderr, test.progress, options)
  // Keys only work if the screen that explains them is shown.
  const endKeys =
    process.stderr.isTTY && !options.quiet && !isInBackground()
      ? readKeys(process.stdin, { ...createRateControl(test.changeRate), stop: interrupt })
      : undefined
  function endShowing() {
    endKeys?.()
    endProgress()
  }
  try {
    const result = await test.run(stopSending, stopWaiting)
    // Before anything is printed: the terminal may be closed.
    const [unwritten, unreported] = await Promise.all([writeResults(result, options), reports?.end()])
    endShowing()
    const exitCode = printResult(result, unwritten)
    if (unreported !== undefined) console.error(unreported)
    return exitCode
  } catch (error) {
    endShowing()
    await reports?.end()
    if (!(error instanceof RequestError)) throw error
    const advice = adviceOn(error.failure)
    console.error(
      `cannot load ${options.target}: ${error.message}${advice === undefined ? '' : `; ${advice}`}`,
    )
    return EXIT_FAILED
  }
}

function printDashboard({ target, quiet }: LoadOptions, refusal: string | undefined): void {
  if (refusal !== undefined) console.error(`--dashboard: ${refusal}; the run goes on without it`)
  else if (!quiet) console.error(`operations page: ${target}/`)
}

function printResult(result: RunResult, unwritten: string[]): number {
  console.log(formatSummary(result))
  const { exitCode, failures } = verdictOf(result)
  for (const failure of [...failures, ...unwritten]) console.error(failure)
  return exitCode === 0 && unwritten.length > 0 ? EXIT_FAILED : exitCode
}

// Output to a closed pipe or terminal is lost, without further effect.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
process.exit(await main(process.argv.slice(2)))
