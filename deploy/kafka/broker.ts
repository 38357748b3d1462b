import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import type { Child } from '../child.ts'
import { LaunchError } from '../launch-error.ts'

export interface Broker {
  readonly id: number
  readonly port: number
  readonly child: Child
  /** Resolves when it serves clients as a member of its cluster. */
  ready(): Promise<void>
}

const patienceMs = 60_000

export function createBroker(child: Child, clusterId: string, id: number, port: number): Broker {
  const seeLogs = `see ${child.name}.log and ${child.name}.out in ${dirname(child.logFile)}`

  async function ready() {
    const giveUp = Date.now() + patienceMs
    while (!(await isMember(clusterId, id, port))) {
      if (child.pid === undefined) {
        throw new LaunchError(`${child.name} exited before it was ready: ${seeLogs}`)
      }
      if (Date.now() > giveUp) {
        throw new LaunchError(`${child.name} is not ready after ${patienceMs / 1000} s: ${seeLogs}`)
      }
      await sleep(100)
    }
  }
  return { id, port, child, ready }
}

/** A socket that accepts says little: it may be a stranger's, and a broker is of use once its cluster knows of it. */
async function isMember(cluster: string, id: number, port: number): Promise<boolean> {
  const kafka = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const { brokers, clusterId } = await admin.describeCluster()
    return clusterId === cluster && brokers.some(({ nodeId }) => nodeId === id)
  } catch {
    return false
  } finally {
    await admin.disconnect()
  }
}
