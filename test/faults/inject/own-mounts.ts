import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

const MARK = 'FAULTS_OWN_MOUNTS'
/** Arguments of unshare(1) for a mount namespace without being root. */
export const UNSHARE = ['--user', '--map-root-user', '--mount']

/** Whether this process can mount private disks that are removed with it. */
export const hasOwnMounts = (): boolean => process.env[MARK] !== undefined

/** Linux allows it to all users unless it was disabled; other systems do not support it. */
export const canHaveOwnMounts = (): boolean => spawnSync('unshare', [...UNSHARE, 'true']).status === 0

/** Runs this program again in its own mount namespace; resolves with its exit code. */
export async function runWithOwnMounts(): Promise<number> {
  const [runtime = '', ...args] = process.argv
  const child = spawn('unshare', [...UNSHARE, runtime, ...args], {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: 'yes' },
  })
  // From a terminal, Ctrl-C reaches the child directly.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}
