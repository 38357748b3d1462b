import { spawnSync } from 'node:child_process'

/** Whether another job has the terminal: whoever reads from it or changes its mode all the same is stopped. */
export function isInBackground(): boolean {
  const own = spawnSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], { encoding: 'utf8' })
  // Without a `ps` that knows these columns it is not known, and nearly nobody is in the background.
  const [group = 0, inForeground = 0] = (own.stdout ?? '').trim().split(/\s+/).map(Number)
  return inForeground > 0 && group !== inForeground
}
