import { setTimeout as sleep } from 'node:timers/promises'
import type { BrokerCluster } from '../../backbone/kafka/broker-cluster.ts'
import { hasErrorType } from '../../backbone/kafka/error-type.ts'
import { retryDelayMs } from '../../backbone/kafka/retry-delay.ts'

// A transaction often begins before Kafka has completed the previous one. A long first delay would hold it up.
const DELAY = { firstMs: 3, longestMs: 100 }
const MOST_RETRIES = 20
const BUSY: ReadonlySet<unknown> = new Set(['CONCURRENT_TRANSACTIONS'])

/** Repeats requests to the brokers of a cluster as long as that may help, and until it is stopped. */
export function createRequestRetries(cluster: BrokerCluster) {
  let isStopped = false

  /** Afterwards the cluster knows the present leaders and coordinators, if any broker answers. */
  async function refresh(error: unknown): Promise<void> {
    if (isConnectionClosed(error)) cluster.removeBroker(error)
    if (!cluster.isConnected()) await cluster.connect()
    await cluster.refreshMetadata()
  }

  return {
    async retry<Result>(request: () => Promise<Result>): Promise<Result> {
      for (let failures = 0; ; failures++) {
        try {
          return await request()
        } catch (error) {
          if (failures === MOST_RETRIES || !isRetriable(error)) throw error
          await sleep(retryDelayMs(failures, DELAY))
          if (isStopped) throw error
          if (!isBusy(error)) await refresh(error)
        }
      }
    },

    stop(): void {
      isStopped = true
    },
  }
}

export type RequestRetries = ReturnType<typeof createRequestRetries>

/** The coordinator has not completed the previous transaction yet. */
export const isBusy = (error: unknown): boolean => hasErrorType(error, BUSY)

/** Errors of kafkajs say whether a retry may help; others are defects. */
export const isRetriable = (error: unknown): boolean =>
  error instanceof Error && 'retriable' in error && error.retriable !== false

const isConnectionClosed = (error: unknown): error is Error & { host: string; port: number } =>
  error instanceof Error && error.name === 'KafkaJSConnectionClosedError'
