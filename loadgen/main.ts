import { writeFile } from 'node:fs/promises'
import { createLoadTest } from './load-test.ts'
import type { LoadOptions } from './options/load-options.ts'
import { type Command, help, readOptions } from './options/options.ts'
import { OptionsError } from './options/options-error.ts'
import { compareRuns } from './report/compare-runs.ts'
import { formatSummary } from './report/format-summary.ts'
import { ResultFileError, readResult } from './report/read-result.ts'
import { formatHtmlReport } from './report/report-html.ts'
import type { RunResult } from './run-result.ts'
import { RequestError } from './sending/request-error.ts'
import { RecordError } from './shoppers/record-shoppers.ts'
import { createRateControl } from './terminal/rate-control.ts'
import { readKeys } from './terminal/read-keys.ts'
import { showProgress } from './terminal/show-progress.ts'
import { EXIT_FAILED, verdictOf } from './verdict.ts'

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
  const stopSending = new AbortController()
  const stopWaiting = new AbortController()
  const test = createLoadTest(options)
  function interrupt() {
    if (test.progress().phase !== 'connecting') {
      ;(stopSending.signal.aborted ? stopWaiting : stopSending).abort()
      return
    }
    endShowing()
    process.exit(EXIT_INTERRUPTED)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)

  const endProgress = showProgress(process.stderr, test.progress, options)
  const endKeys = readKeys(process.stdin, { ...createRateControl(test.changeRate), stop: interrupt })
  function endShowing() {
    endKeys()
    endProgress()
  }
  try {
    const result = await test.run(stopSending.signal, stopWaiting.signal)
    endShowing()
    return await tell(result, options)
  } catch (error) {
    endShowing()
    if (!(error instanceof RequestError)) throw error
    console.error(`cannot load ${options.target}: ${error.message}`)
    return EXIT_FAILED
  }
}

async function tell(result: RunResult, { summaryExport, report }: LoadOptions): Promise<number> {
  console.log(formatSummary(result))
  const { exitCode, failures } = verdictOf(result)
  for (const failure of failures) console.error(failure)
  if (summaryExport !== undefined) await writeFile(summaryExport, `${JSON.stringify(result, undefined, 2)}\n`)
  if (report !== undefined) await writeFile(report, formatHtmlReport(result))
  return exitCode
}

process.exit(await main(process.argv.slice(2)))
