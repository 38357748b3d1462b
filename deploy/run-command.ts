import { KeyFileError } from '../backbone/access/read-key-file.ts'
import { errorText } from '../backbone/kafka/error-text.ts'

/** What the arguments of a command ask for. */
export type ParsedCommand<Options> =
  | { kind: 'options'; options: Options }
  | { kind: 'help' }
  | { kind: 'faults'; faults: string[] }

interface Command<Options> {
  /** After `npm run`. */
  name: string
  help: string
  parse: (args: string[]) => ParsedCommand<Options>
  /** Resolves with the exit code. */
  run: (options: Options) => Promise<number>
  exitCodes: { failed: number; wrongOptions: number }
}

/** Runs a command with the arguments of this process, and sets its exit code. An error is one line. */
export async function runCommand<Options>({
  name,
  help,
  parse,
  run,
  exitCodes,
}: Command<Options>): Promise<void> {
  try {
    const parsed = parse(process.argv.slice(2))
    if (parsed.kind === 'help') process.stdout.write(help)
    else if (parsed.kind === 'faults') {
      console.error(`${parsed.faults.join('\n')}\nnpm run ${name} -- --help shows the flags`)
      process.exitCode = exitCodes.wrongOptions
    } else process.exitCode = await run(parsed.options)
  } catch (error) {
    console.error(errorText(error))
    process.exitCode = error instanceof KeyFileError ? exitCodes.wrongOptions : exitCodes.failed
  }
}
