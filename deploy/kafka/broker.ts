import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeCluster } from '../../backbone/kafka/describe-cluster.ts'
import type { Child } from '../child.ts'
import { LaunchError } from '../launch-error.ts'

export interface Broker {
  readonly id: number
  readonly port: number
  readonly child: Child
  /** Resolves when it serves clients as a member of its cluster. */
  ready(): Promise<void>
}

const READY_WITHIN_MS = 60_000

export function createBroker(child: Child, clusterId: string, id: number, port: number): Broker {
  const seeLogs = `see ${child.name}.log and ${child.name}.out in ${dirname(child.logFile)}`

  async function ready() {
    const giveUp = Date.now() + READY_WITHIN_MS
    while (!(await isMember(clusterId, id, port))) {
      if (child.pid === undefined) {
        throw new LaunchError(`${child.name} exited before it was ready: ${seeLogs}`)
      }
      if (Date.now() > giveUp) {
        throw new LaunchError(`${child.name} is not ready after ${READY_WITHIN_MS / 1000} s: ${seeLogs}`)
      }
      await sleep(100)
    }
  }
  return { id, port, child, ready }
}

/** That a port accepts connections is not enough: another program may have it, and a broker serves clients once its cluster knows it. */
async function isMember(clusterId: string, id: number, port: number): Promise<boolean> {
  try {
    const cluster = await describeCluster(`127.0.0.1:${port}`)
    return cluster.id === clusterId && cluster.nodeIds.includes(id)
  } catch {
    return false
  }
}
