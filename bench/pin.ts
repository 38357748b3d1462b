import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** The measured process has the first core for itself; Kafka and the load generator share the others. */
export type Role = 'product' | 'rest' | 'all'

// Read once: a pinned process sees fewer cores.
const cores = availableParallelism()
const lists: Record<Role, string> = { product: '0', rest: `1-${cores - 1}`, all: `0-${cores - 1}` }
const taskset = cores > 1 ? Bun.which('taskset') : null

/** All threads of a process, including future ones. Without taskset, or on one core, nothing is pinned. */
export function pin(pid: number, role: Role): void {
  if (taskset === null) return
  spawnSync(taskset, ['--all-tasks', '--pid', '--cpu-list', lists[role], String(pid)], { stdio: 'ignore' })
}

export const whoHasWhichCores = (): string =>
  taskset === null
    ? `all share ${cores}`
    : `the measured process has core 0 for itself; Kafka and the load share the other ${cores - 1}`
