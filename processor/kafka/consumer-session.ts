import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer } from 'kafkajs'
import { createHeartbeats } from './heartbeats.ts'
import type { ConsumerOptions, PartitionConsumer } from './partition-consumer.ts'
import { createPartitionConsumer, emptyBatchRange, toRecordBatch } from './record-batch.ts'
import { createSilenceTimer, type SilenceTimer } from './silence-timer.ts'
import { createEndConsumer } from './stop-consumer.ts'

export interface SessionOptions extends Omit<ConsumerOptions, 'begin' | 'log' | 'partitions'> {
  partitions: () => number
  /** Resolves when the group has a coordinator that answers. */
  findCoordinator: () => Promise<unknown>
  lastHeard: () => number
  /** The coordinator has answered. */
  onHeard: () => void
  /** From now on the pause, resume and seek of the consumer throw. */
  onStop: (consumer: PartitionConsumer) => void
  /** Resolves when the consumer is to stop. */
  stopping: Promise<void>
}

interface Session extends SessionOptions {
  /** All that the group has assigned last; none once the consumer has stopped. */
  assigned: number[]
  consumer: Consumer
  control: PartitionConsumer
  hasEnded: () => boolean
}

// Partitions may be added while a consumer runs, and kafkajs keeps its number of workers. An idle one costs 0.1 µs per fetch.
const LEAST_WORKERS = 128
const LEAVE_WITHIN_MS = 3_000
const FETCH_REFUSED_WITHIN_MS = 1_000

/** Runs a consumer once, from its start until it is disconnected. */
export function createSession(consumer: Consumer, options: SessionOptions) {
  const control = createPartitionConsumer(consumer, options.topic)
  // A consumer that is ended while it joins still joins, and leaves only then. Another one runs already, so its events are
  // ignored.
  let ended = false
  const session: Session = { ...options, assigned: [], consumer, control, hasEnded: () => ended }

  return {
    control,

    /** `partitions` has grown. */
    grow(): void {
      if (!ended && session.assigned.length > 0) handOver(session)
    },

    /** Resolves when the consumer was told to stop, rejects when it failed; it is disconnected then. */
    async run(): Promise<void> {
      const endConsumer = createEndConsumer(consumer)
      const failed = Promise.withResolvers<never>()
      const silence = createSilenceTimer(() => failed.reject(new Error('the group does not answer')))
      watchGroup(session, silence)
      const stopWatchingRights = watchFetchRights(session)
      watchEmptyBatches(session)
      consumer.on(consumer.events.CRASH, ({ payload }) => failed.reject(payload.error))
      try {
        // Joining a group may take as long as its members' sessions: stopping does not wait for it.
        await Promise.race([Promise.all([start(session), failed.promise]), options.stopping])
      } finally {
        ended = true
        silence.stop()
        stopWatchingRights()
        // A consumer that waits for a broker that is gone cannot leave its group; the group's session expires by itself.
        await Promise.race([endConsumer().catch(() => undefined), sleep(LEAVE_WITHIN_MS)])
        options.onEnd()
      }
    },
  }
}

async function start(session: Session): Promise<void> {
  const { consumer, control, topic, partitions, hasEnded, onBatch, findCoordinator, lastHeard } = session
  const heartbeat = createHeartbeats({ findCoordinator, lastHeard })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: Math.max(LEAST_WORKERS, partitions()),
    eachBatch: (payload) =>
      hasEnded()
        ? Promise.resolve()
        : onBatch(
            control,
            toRecordBatch(payload, () => heartbeat(payload)),
          ),
  })
}

function watchGroup(session: Session, silence: SilenceTimer): void {
  const { consumer, control, hasEnded, ...options } = session
  const { topic, refusals, onHeard, onStop } = options
  const heard = () => {
    onHeard()
    silence.restart()
  }
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    heard()
    const assigned = payload.memberAssignment[topic] ?? []
    session.assigned = assigned
    if (!hasEnded()) handOver(session)
    if (assigned.length === 0) refusals.allowed()
  })
  consumer.on(consumer.events.HEARTBEAT, heard)
  consumer.on(consumer.events.REBALANCING, silence.restart)
  // After a crash this event comes before CRASH.
  consumer.on(consumer.events.STOP, () => {
    session.assigned = []
    onStop(control)
  })
}

/** The group assigns all partitions of the topic, also those that this process learns of later. */
function handOver({ control, assigned, partitions, onJoin }: Session): void {
  const count = partitions()
  for (const partition of assigned) if (partition >= count) control.pause(partition)
  onJoin(
    control,
    assigned.filter((partition) => partition < count),
  )
}

/**
 * A consumer without the right to fetch crashes at once. kafkajs reports a fetch that is allowed only when it has
 * records.
 */
function watchFetchRights({ consumer, hasEnded, refusals }: Session): () => void {
  let allowing: ReturnType<typeof setTimeout> | undefined
  const stopListening = consumer.on(consumer.events.REQUEST, ({ payload }) => {
    if (payload.apiName !== 'Fetch' || hasEnded()) return
    stopListening()
    allowing = setTimeout(refusals.allowed, FETCH_REFUSED_WITHIN_MS)
  })
  return () => clearTimeout(allowing)
}

function watchEmptyBatches({ consumer, onEmptyBatch }: Session): void {
  if (!onEmptyBatch) return
  consumer.on(consumer.events.END_BATCH_PROCESS, (event) => {
    const range = emptyBatchRange(event)
    if (range) onEmptyBatch(range)
  })
}
