import { spawnSync } from 'node:child_process'
import { LaunchError } from './launch-error.ts'

const MOST_OUTPUT_BYTES = 256 * 1024 * 1024

export interface Ran {
  /** Null if it was not found, or killed. */
  status: number | null
  stdout: string
  stderr: string
}

/** Runs a program to its end. */
export const runProgram = (command: string, args: string[], cwd = process.cwd()): Ran =>
  spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: MOST_OUTPUT_BYTES })

/** What a program prints. Throws {@link LaunchError} if it fails. */
export function programOutput(command: string, args: string[], cwd?: string): string {
  const { status, stdout, stderr } = runProgram(command, args, cwd)
  if (status === 0) return stdout
  throw new LaunchError(`${command} ${args.join(' ')} failed: ${stderr || 'is it installed?'}`)
}
