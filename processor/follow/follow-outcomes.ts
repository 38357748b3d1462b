import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import { header, headerText, ownerOf } from '../../backbone/records/headers.ts'
import { outcomeSchema } from '../../backbone/records/outcome.ts'
import { fetching, patience, runConsumer } from '../kafka/run-consumer.ts'
import { toOutcomeRecord } from '../read-model/encoded-outcome.ts'
import type { LogChanges, OutcomeStore } from '../read-model/outcome-store.ts'
import { createLateAnswers } from './stale-fetches.ts'

interface FollowOptions {
  kafka: Kafka
  topic: string
  partitions: number
  /** Names a group of this process alone: it is there only because kafkajs cannot consume without one. */
  groupPrefix: string
  /** Resolves when a group has a coordinator that answers. */
  findCoordinator: (groupId: string) => Promise<unknown>
  readModel: OutcomeStore & LogChanges
  /** Follow no partition but those that this member owns; all of them otherwise. */
  onlyOwned: boolean
  refusals: ClientRefusals
  log: Logger
}

// A broker that answers so may go on doing it for seconds.
const LATE_PAUSE_MS = 100

// Its checkout was held to every rule before it was classified: once is enough.
const followedSchema = outcomeSchema.extend({ checkout: z.object({ id: z.string() }).nullable() })

/** Follows Notifications into the read model, committed records only, from where the read model stands. */
export function followOutcomes(options: FollowOptions) {
  const {
    kafka,
    topic,
    partitions,
    groupPrefix,
    findCoordinator,
    readModel,
    onlyOwned,
    log: logger,
  } = options
  const followed = new Set<number>(onlyOwned ? [] : Array(partitions).keys())
  let joined: Consumer | undefined
  // A jump that is met a second time is in the log itself: retention has cut what was between.
  const jumpedTo = new Map<number, number>()
  // From where kafkajs reads on. What begins before it is a log that was made anew, or a late answer.
  const positions = new Map<number, number>()

  const lateAnswers = createLateAnswers(readModel)

  const follows = (partition: number) => followed.has(partition)

  function seek(consumer: Consumer, partition: number) {
    const { next } = readModel.partition(partition)
    positions.set(partition, next)
    consumer.seek({ topic, partition, offset: String(next) })
  }

  const follow =
    (consumer: Consumer) =>
    async (payload: EachBatchPayload): Promise<void> => {
      const { partition, messages } = payload.batch
      if (payload.isStale() || !follows(partition)) return
      const state = readModel.partition(partition)
      const first = Number(payload.batch.firstOffset())
      if (first > state.next && jumpedTo.get(partition) !== first) {
        jumpedTo.set(partition, first)
        seek(consumer, partition)
        return
      }

      const log = lastLog(messages) ?? state.log
      const isBack = first < (positions.get(partition) ?? 0)
      const isAnother = readModel.isAnotherLog(partition, log)
      if (isBack && !isAnother && lateAnswers.areLate(partition, messages)) {
        seek(consumer, partition)
        await sleep(LATE_PAUSE_MS)
        return
      }
      if (isBack || isAnother) {
        logger.error({ partition, first }, `${topic} was made anew: following it from its beginning`)
        readModel.forget(partition)
        seek(consumer, partition)
        return
      }

      const fresh = messages.filter(({ offset }) => Number(offset) >= state.next)
      const records = fresh
        .map((message) => readRecord(partition, message))
        .filter((record) => record !== undefined)
      const next = Math.max(state.next, Number(payload.batch.lastOffset()) + 1)
      await readModel.append(partition, {
        records: records.map(({ record }) => record),
        next,
        resume: lastResume(records, state.resume),
        log,
      })
      payload.resolveOffset(payload.batch.lastOffset())
      if (!payload.isStale()) positions.set(partition, next)
      lateAnswers.areOver(partition)
      await payload.heartbeat()
    }

  function readRecord(partition: number, { offset, value, headers }: KafkaMessage) {
    if (value === null || headers?.[header.claim] !== undefined) return undefined
    const parsed = followedSchema.safeParse(parseJson(value.toString()))
    if (!parsed.success) {
      logger.warn({ topic, partition, offset }, 'a record in this topic is no outcome; passed over')
      return undefined
    }
    const { source } = parsed.data
    // A copy: kafkajs's value is a window on the whole response of a fetch, which it would keep in memory.
    const encoded = { outcome: parsed.data, owner: ownerOf(headers), json: oneLine(value) }
    const record = toOutcomeRecord(encoded, partition, Number(offset))
    return { record, resume: source.partition === partition ? source.offset + 1 : undefined }
  }

  const groups: string[] = []
  const running = runConsumer({
    create: () => {
      // In the group of the consumer before it, a new one would have to wait until that one's session has expired.
      const groupId = `${groupPrefix}-${groups.length}`
      groups.push(groupId)
      const consumer = kafka.consumer({
        groupId,
        allowAutoTopicCreation: false,
        ...fetching,
        ...patience,
      })
      // Batches of nothing but markers and aborted records never reach eachBatch, but are followed all the same.
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
        const { partition, firstOffset, lastOffset, batchSize } = payload
        const { next, resume, log } = readModel.partition(partition)
        if (batchSize > 0 || firstOffset === null || !follows(partition)) return
        if (Number(firstOffset) > next || Number(lastOffset) < next) return
        void readModel.append(partition, { records: [], next: Number(lastOffset) + 1, resume, log })
      })
      return consumer
    },
    topic,
    partitions,
    begin: Promise.resolve(),
    onJoin: (consumer, assigned) => {
      joined = consumer
      for (const partition of assigned) {
        seek(consumer, partition)
        if (!follows(partition)) consumer.pause([{ topic, partitions: [partition] }])
      }
    },
    eachBatch: follow,
    findCoordinator: () => findCoordinator(groups.at(-1) ?? ''),
    onEnd: () => {
      joined = undefined
      return Promise.resolve()
    },
    refusals: options.refusals,
    log: logger,
  })

  /** What is on its way when following ends comes to nothing: only one at a time adds to a partition of the read model. */
  function turn(partition: number, on: boolean) {
    if (follows(partition) === on) return
    const consumer = joined === running.current() ? joined : undefined
    if (!on) {
      followed.delete(partition)
      consumer?.pause([{ topic, partitions: [partition] }])
      return
    }
    followed.add(partition)
    if (!consumer) return
    seek(consumer, partition)
    consumer.resume([{ topic, partitions: [partition] }])
  }

  return {
    follows,

    /** Goes on from where the read model stands, which may be far behind. */
    begin: (partition: number): void => turn(partition, true),

    /** From now on its owner, this member, adds to the read model what it commits. */
    handOver: (partition: number): void => turn(partition, false),

    /** This member owns it no longer. */
    end: (partition: number): void => turn(partition, !onlyOwned),

    stop: () => running.stop(),
    /** Those that it has consumed in; of no more use after it was stopped. */
    groups: (): readonly string[] => groups,
  }
}

export type OutcomeFollower = ReturnType<typeof followOutcomes>

const LOG = /^[0-9a-f]{8}$/
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/** JSON that somebody else wrote may be indented; a frame of a stream has no room for that. */
function oneLine(value: Buffer): Uint8Array {
  const broken = value.includes(LINE_FEED) || value.includes(CARRIAGE_RETURN)
  return broken ? Buffer.from(JSON.stringify(JSON.parse(value.toString()))) : new Uint8Array(value)
}

function lastLog(messages: KafkaMessage[]): string | undefined {
  return messages
    .map(({ headers }) => headerText(headers, header.log))
    .findLast((log) => log !== undefined && LOG.test(log))
}

// The last one's, not the highest: where DataTopic was made anew its offsets have started again.
function lastResume(
  records: { resume: number | undefined }[],
  before: number | undefined,
): number | undefined {
  return records.findLast(({ resume }) => resume !== undefined)?.resume ?? before
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
