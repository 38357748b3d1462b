import type { Logger } from 'pino'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import type { KafkaClient } from '../../backbone/kafka/client.ts'
import type { watchRefusals } from '../../backbone/kafka/watch-refusals.ts'
import type { PartitionConsumer, RecordBatch } from '../kafka/partition-consumer.ts'
import { readTopic } from '../kafka/read-topic.ts'
import { keepLetterFile } from './keep-letter-file.ts'
import { readDeadLetter } from './read-dead-letter.ts'
import type { DeadLetterPlace } from './record.ts'
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
  /** Partitions of DataTopic that customers are spread over. */
  home: number
  memberId: string
  refusals: Pick<ReturnType<typeof watchRefusals>, 'client'>
  log: Logger
}

interface Position {
  /** Where the consumer reads on. */
  next: number
  /** The last record of the file, which is read again first: another one shows that the topic was recreated. */
  known?: (DeadLetterPlace & { fullId: string }) | undefined
  /** Where a batch began that was too far ahead. */
  jumpedTo?: number
}

// A response is decoded at once, on the classifying thread; a record may be small.
const MOST_BYTES_AT_ONCE = 128 * 1024

/** Follows the dead-letter topic into a file, to be listed and sent again. */
export function followDeadLetters(options: FollowOptions) {
  const { settings, memberId, home, admin, log } = options
  const partitions = options.topics.deadLetters
  const topic = settings.DEAD_LETTER_TOPIC
  const data = { topic: settings.DATA_TOPIC, partitions: home }
  const path = `${settings.VIEW_FILE.replace(/\.db$/, '')}-dead-letters.db`
  const groups = `${settings.GROUP_ID}-dead-letters-`
  const positions = Array.from({ length: partitions }, (): Position => ({ next: 0 }))
  const file = keepLetterFile({ path, data, log, onReset: readAgain })
  const positionOf = (partition: number): Position => positions[partition] ?? { next: 0 }
  let joined: PartitionConsumer | undefined

  /** To the last record of the file; the consumer that joins next does the same. */
  function seek(partition: number) {
    const known = file.isOpen() ? file.use((open) => open.last(partition)) : undefined
    const next = known?.offset ?? 0
    positions[partition] = { next, known }
    if (joined && joined === reader.current()) joined.seek(partition, next)
  }

  function readAgain() {
    for (const partition of positions.keys()) seek(partition)
  }

  const ends = watchTopicEnds({
    admin,
    topic,
    partitions,
    next: (partition) => positionOf(partition).next,
    onRemoved: (partition, first) => file.use((open) => open.cut(partition, first)),
    onRecreated: (partition) => forget(partition),
    log,
  })

  async function forget(partition: number) {
    log.error({ topic, partition }, `${topic} was recreated: reading it from its beginning`)
    ends.forget()
    await file.use((open) => open.cut(partition, BEYOND_ALL_OFFSETS))
    seek(partition)
  }

  /** Whether the record that was last stored is not, or not any more, where it was. */
  async function isAnotherLog({ partition, firstOffset, records }: RecordBatch): Promise<boolean> {
    const { next, known } = positionOf(partition)
    if (firstOffset < next) return true
    if (known === undefined) return false
    if (firstOffset > known.offset) return (await ends.first(partition)) <= known.offset
    const [first] = records
    if (first === undefined) return true
    const { offset, at, fullId } = readDeadLetter(partition, first, data)
    return offset !== known.offset || at !== known.at || fullId !== known.fullId
  }

  /** kafkajs moves silently from a position that a former leader does not know: the first jump is undone. */
  function isNewJump({ partition, firstOffset }: RecordBatch): boolean {
    const position = positionOf(partition)
    if (firstOffset <= position.next || position.jumpedTo === firstOffset) return false
    position.jumpedTo = firstOffset
    return true
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
      for (const partition of assigned) seek(partition)
    },
    async onBatch(consumer, batch) {
      const { partition } = batch
      if (batch.isStale()) return
      if (isNewJump(batch)) {
        consumer.seek(partition, positionOf(partition).next)
        return
      }
      if (await isAnotherLog(batch)) {
        await forget(partition)
        return
      }
      const { known } = positionOf(partition)
      const added = batch.records.filter(({ offset }) => Number(offset) > (known?.offset ?? -1))
      await file.use((open) => open.append(partition, added))
      // The file was recreated meanwhile.
      if (batch.isStale()) return
      batch.resolve(batch.lastOffset)
      positions[partition] = { next: batch.lastOffset + 1 }
      await batch.heartbeat()
    },
    onEmptyBatch: ({ partition, firstOffset, lastOffset }) => {
      const position = positionOf(partition)
      if (position.known === undefined && firstOffset <= position.next) {
        position.next = Math.max(position.next, lastOffset + 1)
      }
    },
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
    async stop(): Promise<void> {
      ends.stop()
      await reader.stop()
      await file.close()
      await admin.use((connected) => connected.deleteGroups([...reader.groups()])).catch(() => undefined)
    },
  }
}

export type DeadLetterFollower = ReturnType<typeof followDeadLetters>
