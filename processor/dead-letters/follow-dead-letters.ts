import type { Logger } from 'pino'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import type { KafkaRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { Homes } from '../../backbone/layout/homes.ts'
import { deleteGroups } from '../kafka/delete-groups.ts'
import type { PartitionConsumer, RecordBatch } from '../kafka/partition-consumer.ts'
import { readTopic } from '../kafka/read-topic.ts'
import { keepLetterFile } from './keep-letter-file.ts'
import { createLetterPositions } from './letter-positions.ts'
import { watchTopicEnds } from './watch-topic-ends.ts'
import { BEYOND_ALL_OFFSETS } from './writer.ts'

interface FollowOptions {
  kafka: KafkaClient
  admin: KeptAdmin
  settings: {
    DATA_TOPIC: string
    DEAD_LETTER_TOPIC: string
    GROUP_ID: string
    /** File of the read model: the file of the dead letters is beside it. */
    VIEW_FILE: string
  }
  topics: { deadLetters: number }
  /** The layout of DataTopic, now. */
  homes: () => Homes
  memberId: string
  refusals: Pick<KafkaRefusals, 'client' | 'explain'>
  log: Logger
}

// A response is decoded at once, on the classifying thread; a record may be small.
const MOST_BYTES_AT_ONCE = 128 * 1024

/** Follows the dead-letter topic into a file, to be listed and sent again. */
export function followDeadLetters(options: FollowOptions) {
  const { settings, memberId, homes, admin, log } = options
  const partitions = options.topics.deadLetters
  const topic = settings.DEAD_LETTER_TOPIC
  const data = () => ({ topic: settings.DATA_TOPIC, homes: homes() })
  const path = `${settings.VIEW_FILE.replace(/\.db$/, '')}-dead-letters.db`
  const groups = `${settings.GROUP_ID}-dead-letters-`
  const file = keepLetterFile({ path, data, log, onReset: () => positions.seekAll() })
  let joined: PartitionConsumer | undefined

  const positions = createLetterPositions({
    partitions,
    data,
    file,
    consumer: () => (joined === reader.current() ? joined : undefined),
    firstOffset: (partition) => ends.first(partition),
  })

  const ends = watchTopicEnds({
    admin,
    topic,
    partitions,
    next: positions.next,
    onRemoved: (partition, first) => file.use((open) => open.cut(partition, first)),
    onRecreated: (partition) => forget(partition),
    log,
  })

  async function forget(partition: number) {
    log.error({ topic, partition }, `${topic} was recreated: reading it from its beginning`)
    ends.forget()
    await file.use((open) => open.cut(partition, BEYOND_ALL_OFFSETS))
    positions.seek(partition)
  }

  async function store(consumer: PartitionConsumer, batch: RecordBatch): Promise<void> {
    const { partition } = batch
    if (batch.isStale()) return
    ends.seen(partition, batch.highWatermark)
    if (positions.isNewJump(batch)) {
      consumer.seek(partition, positions.next(partition))
      return
    }
    if (await positions.isAnotherLog(batch)) {
      await forget(partition)
      return
    }
    const added = positions.unstored(batch)
    await file.use((open) => open.append(partition, added))
    // The file was recreated meanwhile.
    if (batch.isStale()) return
    batch.resolve(batch.lastOffset)
    positions.stored(batch)
    await batch.heartbeat()
  }

  const reader = readTopic({
    ...options,
    topic,
    partitions,
    groupPrefix: groups + memberId,
    // Checkouts are classified without the right to read them.
    refusals: options.refusals.client({ operation: 'Read', topic, group: `${groups}*` }, 'warn'),
    begin: Promise.resolve(),
    maxBytesPerPartition: MOST_BYTES_AT_ONCE,
    onJoin: (consumer, assigned) => {
      joined = consumer
      for (const partition of assigned) positions.seek(partition)
    },
    onBatch: store,
    onEmptyBatch: (batch) => positions.skip(batch),
    onEnd: () => {
      joined = undefined
    },
  })

  return {
    file,
    /** Why the dead letters cannot be listed yet; undefined if they can. */
    behind(): string | undefined {
      if (!file.isOpen()) return 'the file of the dead letters is being recreated'
      return ends.reached() ? undefined : 'this processor is still reading the dead letters'
    },
    /** Records of the topic that are not in the file yet. */
    unread: ends.unread,
    async stop(): Promise<void> {
      ends.stop()
      await reader.stop()
      await file.close()
      await deleteGroups(reader.groups(), { ...options, prefix: groups })
    },
  }
}

export type DeadLetterFollower = ReturnType<typeof followDeadLetters>
