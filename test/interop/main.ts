import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const here = import.meta.dirname
const venv = join(here, '.venv')

/** What fetches and builds the clients of each language, in folders beside the programs. */
const preparations: Record<string, [folder: string, command: string, ...args: string[]][]> = {
  python: [
    ['.', 'python3', '-m', 'venv', venv],
    ['.', join(venv, 'bin/pip'), 'install', '-q', '-r', 'requirements.txt', '-r', 'kafka/requirements.txt'],
    ['kafka', join(venv, 'bin/pip'), 'install', '-q', '--target', '.kafka-python-2', 'kafka-python==2.0.2'],
  ],
  go: [
    ['.', 'go', 'build', '-o', 'clients', '.'],
    ['kafka', 'go', 'build', '-o', 'clients', '.'],
  ],
}

const [, , language = '', ...options] = process.argv
const steps = preparations[language]
if (!steps) {
  console.error(`usage: npm run interop -- ${Object.keys(preparations).join('|')} [options of vitest]`)
  process.exit(1)
}
for (const [folder, command, ...args] of steps) run(join(here, folder), command, args)
const vitest = ['--bun', 'vitest', 'run', '--config', join(here, 'vitest.config.ts'), ...options]
run(join(here, '../..'), process.execPath, vitest, { INTEROP: language })

function run(cwd: string, command: string, args: string[], env: NodeJS.ProcessEnv = {}): void {
  const { status, error } = spawnSync(command, args, {
    cwd,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  if (status === 0) return
  console.error(`${command} ended with ${error?.message ?? status}`)
  process.exit(1)
}
