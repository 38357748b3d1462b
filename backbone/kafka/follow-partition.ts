import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { orAborted } from '../process/or-aborted.ts'
import { within } from '../process/with-timeout.ts'
import type { StoredRecord } from '../records/record.ts'
import type { KeptAdmin } from './admin.ts'
import { type BrokerCluster, createCluster } from './broker-cluster.ts'
import type { KafkaClient } from './client.ts'
import { disconnectQuietly } from './disconnect.ts'
import { errorText } from './error-text.ts'
import { hasErrorType } from './error-type.ts'
import { partitionEnds } from './partition-ends.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { TopicAdmin } from './topic-admin.ts'
import { TopicError } from './topic-error.ts'
import type { ClientRefusals } from './watch-refusals.ts'

/** What one fetch brought. */
export interface FollowedRecords {
  /** Committed records, in their order. */
  records: readonly StoredRecord[]
  /** Offset after them. */
  next: number
  /** Whether the log of committed records ended there. */
  isEnd: boolean
  /** When the fetch began, by `performance.now()`. */
  began: number
}

interface FollowOptions {
  kafka: KafkaClient
  admin: KeptAdmin
  /** Nothing is read before. */
  begin: Promise<unknown>
  topic: string
  /** Creates the topic when it is missing. */
  ensure: (admin: TopicAdmin) => Promise<void>
  onRead: (read: FollowedRecords) => void
  /** Called with each failure before the next attempt. */
  noteFailure: (error: unknown) => void
  refusals: ClientRefusals
  log: Logger
}

const READ_COMMITTED = 1
const LONGEST_POLL_MS = 500
const ANSWER_WITHIN_MS = 2_000
const CONNECTED_WITHIN_MS = 10_000
const MOST_BYTES = 1024 * 1024
const DELAY = { firstMs: 50, longestMs: 500 }
const OUT_OF_RANGE: ReadonlySet<unknown> = new Set(['OFFSET_OUT_OF_RANGE'])

/**
 * Follows the only partition of a small topic from its beginning, without a group. Every fetch is reported, also one that
 * found nothing.
 */
export function followPartition({
  kafka,
  admin,
  begin,
  topic,
  ensure,
  onRead,
  noteFailure,
  refusals,
  log,
}: FollowOptions) {
  const stopping = new AbortController()
  const { signal } = stopping
  let cluster: BrokerCluster | undefined
  let next: number | undefined

  async function findStart(): Promise<number> {
    return admin.use(async (connected) => {
      await ensure(connected)
      return (await partitionEnds(connected, topic, 0))?.low ?? 0
    })
  }

  async function connect(): Promise<BrokerCluster> {
    const created = createCluster(kafka)
    cluster = created
    await created.connect()
    await created.addMultipleTargetTopics([topic])
    return created
  }

  async function fetchOnce(from: BrokerCluster, position: number): Promise<number> {
    const [nodeId = ''] = Object.keys(from.findLeaderForPartitions(topic, [0]))
    const broker = await from.findBroker({ nodeId })
    const began = performance.now()
    const partition = { partition: 0, fetchOffset: String(position), maxBytes: MOST_BYTES }
    const { responses } = await broker.fetch({
      isolationLevel: READ_COMMITTED,
      maxWaitTime: LONGEST_POLL_MS,
      minBytes: 1,
      maxBytes: MOST_BYTES,
      topics: [{ topic, partitions: [partition] }],
    })
    if (cluster !== from) throw new Error('the answer came too late')
    const fetched = responses[0]?.partitions[0]
    if (fetched === undefined) throw new Error(`${topic}/0 is not in the response`)
    const end = Number(fetched.lastStableOffset)
    const fresh = fetched.messages.filter(({ offset }) => Number(offset) >= position)
    const last = fresh.at(-1)
    // Compaction may leave batches without records: these are passed offset by offset.
    const after = last ? Number(last.offset) + 1 : Math.min(position + 1, Math.max(position, end))
    const records = fresh.filter(({ isControlRecord }) => !isControlRecord) as unknown as StoredRecord[]
    onRead({ records, next: after, isEnd: after >= end, began })
    return after
  }

  async function fail(reason: unknown, failures: number): Promise<void> {
    if (cluster) void disconnectQuietly(cluster)
    cluster = undefined
    if (signal.aborted) return
    if (hasErrorType(reason, OUT_OF_RANGE)) next = undefined
    const failure = reason instanceof TopicError ? reason : new TopicError('Read', topic, reason)
    noteFailure(failure)
    if (await refusals.refused(failure, signal)) return
    log.debug({ topic, error: errorText(reason) }, 'reading failed, trying again')
    await sleep(retryDelayMs(failures, DELAY), undefined, { signal }).catch(() => undefined)
  }

  async function run(): Promise<void> {
    await orAborted(begin, signal)
    await orAborted(refusals.authenticated(), signal)
    let failures = 0
    while (!signal.aborted) {
      try {
        next ??= await findStart()
        const connected = cluster ?? (await within(CONNECTED_WITHIN_MS, connect()))
        next = await within(LONGEST_POLL_MS + ANSWER_WITHIN_MS, fetchOnce(connected, next))
        refusals.allowed()
        failures = 0
      } catch (error) {
        await fail(error, failures++)
      }
    }
    if (cluster) await disconnectQuietly(cluster)
  }

  const ended = run()
  return {
    async stop(): Promise<void> {
      stopping.abort()
      await ended
    },
  }
}
