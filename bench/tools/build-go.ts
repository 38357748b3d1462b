import { basename, join } from 'node:path'
import { runToEnd } from '../children.ts'
import { inProject } from '../program.ts'
import { MissingProgramError } from './unique-load.ts'

const BUILD_WITHIN_MS = 300_000

/** Builds the Go program of a folder of this project; resolves with the command that runs it. Go fetches its modules once. */
export async function buildGo(source: string, folder: string): Promise<string[]> {
  const go = Bun.which('go')
  if (go === null) throw new MissingProgramError('go is not on PATH: install Go 1.26 or newer')
  const executable = join(folder, basename(source))
  await runToEnd([go, 'build', '-C', inProject(source), '-o', executable, '.'], BUILD_WITHIN_MS)
  return [executable]
}
