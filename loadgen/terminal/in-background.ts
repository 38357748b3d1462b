import { spawnSync } from 'node:child_process'

/**
 * Whether another job has the terminal: a background process that reads from it or changes its mode is
 * stopped.
 */
export function isInBackground(): boolean {
  const own = spawnSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], { encoding: 'utf8' })
  // Unknown if `ps` does not support these columns; background jobs are rare.
  const [group = 0, inForeground = 0] = (own.stdout ?? '').trim().split(/\s+/).map(Number)
  return inForeground > 0 && group !== inForeground
}
