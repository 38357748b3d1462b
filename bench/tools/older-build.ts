import { join } from 'node:path'
import { runToEnd } from '../children.ts'
import { inProject } from '../program.ts'
import { MissingProgramError } from './unique-load.ts'

/** The command that runs a program of a build in another process, on the Bun that the build installs. */
export type BuildProgram = (path: string) => string[]

const CLONE_WITHIN_MS = 60_000
const INSTALL_WITHIN_MS = 300_000

/** Checks out a commit of this repository in a folder and installs its packages. */
export async function installBuild(commit: string, folder: string): Promise<BuildProgram> {
  try {
    await runToEnd(
      ['git', 'clone', '--quiet', '--shared', '--no-checkout', inProject('.'), folder],
      CLONE_WITHIN_MS,
    )
    await runToEnd(['git', '-C', folder, 'checkout', '--quiet', '--detach', commit], CLONE_WITHIN_MS)
  } catch (cause) {
    throw new MissingProgramError(
      `${commit} cannot be checked out: it takes git and a full clone of the repository`,
      { cause },
    )
  }
  await runToEnd(['npm', '--prefix', folder, 'run', 'prestart'], INSTALL_WITHIN_MS)
  const bun = join(folder, 'node_modules', '.bin', 'bun')
  return (path) => [bun, join(folder, path)]
}
