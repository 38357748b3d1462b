import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

const MARK = 'FAULTS_OWN_MOUNTS'
const UNSHARE = ['--user', '--map-root-user', '--mount']

/** Whether this process may mount disks of its own, that nobody else sees and that go away with it. */
export const hasOwnMounts = (): boolean => process.env[MARK] !== undefined

/** Linux allows it to everyone, unless it was forbidden; other systems do not know of it. */
export const canHaveOwnMounts = (): boolean => spawnSync('unshare', [...UNSHARE, 'true']).status === 0

/** Runs this very program again with mounts of its own; resolves with its exit code. */
export async function runWithOwnMounts(): Promise<number> {
  const [runtime = '', ...args] = process.argv
  const child = spawn('unshare', [...UNSHARE, runtime, ...args], {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: 'yes' },
  })
  // From a terminal Ctrl-C reaches the child by itself.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}
