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

export function createBroker(child: Child, id: number, port: number): Broker {
  async function ready() {
    const giveUp = Date.now() + patienceMs
    while (!(await isMember(id, port))) {
      if (child.pid === undefined) {
        throw new LaunchError(`${child.name} ended before it was ready: see ${child.logFile}`)
      }
      if (Date.now() > giveUp) {
        throw new LaunchError(`${child.name} is not ready after ${patienceMs / 1000} s: see ${child.logFile}`)
      }
      await sleep(100)
    }
  }
  return { id, port, child, ready }
}

/** A socket that accepts says little: a broker is of use from when the cluster's metadata names it. */
async function isMember(id: number, port: number): Promise<boolean> {
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
    const { brokers } = await admin.describeCluster()
    return brokers.some(({ nodeId }) => nodeId === id)
  } catch {
    return false
  } finally {
    await admin.disconnect()
  }
}
