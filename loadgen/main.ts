import { createLoadTest } from './load-test.ts'
import { help, type LoadOptions, OptionsError, readOptions } from './options.ts'
import { showProgress } from './progress.ts'
import { failureOf, formatProgress, formatSummary } from './report.ts'
import { RequestError } from './request-error.ts'

const EXIT_FAILED = 1
const EXIT_BAD_OPTIONS = 107
const EXIT_INTERRUPTED = 130

async function main(args: string[]): Promise<number> {
  let options: LoadOptions | undefined
  try {
    options = readOptions(args)
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error
    console.error(error.message)
    return EXIT_BAD_OPTIONS
  }
  if (!options) {
    console.log(help)
    return 0
  }
  return await load(options)
}

async function load(options: LoadOptions): Promise<number> {
  const stopSending = new AbortController()
  const stopWaiting = new AbortController()
  const test = createLoadTest(options)
  process.on('SIGINT', () => {
    if (test.progress().phase === 'connecting') process.exit(EXIT_INTERRUPTED)
    ;(stopSending.signal.aborted ? stopWaiting : stopSending).abort()
  })
  process.on('SIGTERM', () => stopSending.abort())

  const endProgress = showProgress(process.stderr, () => formatProgress(test.progress()))
  try {
    const summary = await test.run(stopSending.signal, stopWaiting.signal)
    endProgress()
    console.log(formatSummary(summary))
    const failure = failureOf(summary)
    if (failure !== undefined) console.error(failure)
    return failure === undefined ? 0 : EXIT_FAILED
  } catch (error) {
    endProgress()
    if (!(error instanceof RequestError)) throw error
    console.error(`cannot load ${options.target}: ${error.message}`)
    return EXIT_FAILED
  }
}

process.exit(await main(process.argv.slice(2)))
