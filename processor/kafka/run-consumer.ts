import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, EachBatchHandler } from 'kafkajs'
import type { Logger } from 'pino'
import type { ClientRefusals } from '../../backbone/kafka/watch-refusals.ts'
import { createHeartbeats } from './heartbeats.ts'
import { createEndConsumer } from './stop-consumer.ts'

interface ConsumerRun {
  create: () => Consumer
  topic: string
  /** Partitions that this process works with; those beyond them stay paused. */
  partitions: number
  /** Nothing is consumed before. */
  begin: Promise<void>
  /** Called before anything is fetched, with the partitions that the group gave this member. */
  onJoin: (consumer: Consumer, assigned: number[]) => void
  /** What it is given bears a coordinator that has gone: see heartbeats.ts. */
  eachBatch: (consumer: Consumer) => EachBatchHandler
  /** Resolves when the group has a coordinator that answers. */
  findCoordinator: () => Promise<unknown>
  /** The kafkajs consumer has ended, by itself or because it was stopped. */
  onEnd: () => Promise<void>
  refusals: ClientRefusals
  log: Logger
}

const FIRST_DELAY_MS = 200
const LASTING_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 5_000
const FAREWELL_MS = 3_000
// Longer than a session, a rebalance, and a broker's session with Kafka's own settings: whoever has not heard from a
// coordinator for so long is out of the group.
const UNHEARD_MS = 12_000
const FETCH_REFUSED_WITHIN_MS = 1_000

/**
 * What a broker is asked for at a time. With six partitions in one answer a processor is no faster, neither at a backlog nor
 * when it makes its read model anew, and takes a third more memory: kafkajs makes some eight objects of a record before it gives any away.
 */
export const fetching = {
  maxWaitTimeInMs: 250,
  maxBytesPerPartition: 1024 * 1024,
  maxBytes: 2 * 1024 * 1024,
}

/** For every consumer that is kept running. */
export const patience = {
  heartbeatInterval: 1_000,
  // A leader that has gone may still be connected to, where there is a proxy before it: kafkajs then asks it on and on.
  metadataMaxAge: 1_000,
  // Longer than a broker takes to be replaced: whoever gives up leaves its group, and is waited for when it has joined again.
  retry: {
    initialRetryTime: 100,
    maxRetryTime: 500,
    retries: 40,
    restartOnFailure: () => Promise.resolve(false),
  },
}

/**
 * Keeps a consumer running until it is stopped. kafkajs gives up for ever on errors that it takes for final, a cluster
 * that is away for long among them; here each end is followed by a new consumer, and so is a coordinator that has not
 * answered for too long, where heartbeats.ts has not led to another one.
 */
export function runConsumer(options: ConsumerRun) {
  const { create, topic, partitions, begin, onJoin, eachBatch, findCoordinator, onEnd, refusals, log } =
    options
  const stopping = new AbortController()
  let current: Consumer | undefined
  let heardAt = Number.NEGATIVE_INFINITY

  async function start(consumer: Consumer, hasEnded: () => boolean): Promise<void> {
    const handle = eachBatch(consumer)
    const heartbeat = createHeartbeats({ findCoordinator, lastHeard: () => heardAt })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitions,
      eachBatch: (payload) =>
        hasEnded() ? Promise.resolve() : handle({ ...payload, heartbeat: () => heartbeat(payload) }),
    })
  }

  /** The topic may have grown since this process started, and a leader that knows the new partitions assigns them. */
  function pauseExtraPartitions(consumer: Consumer, assigned: number[]): number[] {
    const { known = [], extra = [] } = Object.groupBy(assigned, (p) => (p < partitions ? 'known' : 'extra'))
    if (extra.length > 0) consumer.pause([{ topic, partitions: extra }])
    return known
  }

  async function runOnce(): Promise<void> {
    const consumer = create()
    const endConsumer = createEndConsumer(consumer)
    current = consumer
    const crashed = Promise.withResolvers<void>()
    // One that was joining when it was ended joins all the same, and only then leaves: by then another one is there.
    let ended = false
    let unheard: ReturnType<typeof setTimeout> | undefined
    const waitOn = () => {
      clearTimeout(unheard)
      if (!ended)
        unheard = setTimeout(() => crashed.reject(new Error('the group does not answer')), UNHEARD_MS)
    }
    const heard = () => {
      heardAt = performance.now()
      waitOn()
    }
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      heard()
      const assigned = payload.memberAssignment[topic] ?? []
      if (!ended) onJoin(consumer, pauseExtraPartitions(consumer, assigned))
      if (assigned.length === 0) refusals.allowed()
    })
    // A consumer that may not fetch crashes at once; that it may, kafkajs says only when there is something to fetch.
    let allowing: ReturnType<typeof setTimeout> | undefined
    const stopListening = consumer.on(consumer.events.REQUEST, ({ payload }) => {
      if (payload.apiName !== 'Fetch' || ended) return
      stopListening()
      allowing = setTimeout(refusals.allowed, FETCH_REFUSED_WITHIN_MS)
    })
    consumer.on(consumer.events.HEARTBEAT, heard)
    consumer.on(consumer.events.REBALANCING, waitOn)
    // From now on it throws at whoever pauses, resumes or seeks; that it has crashed it says later.
    consumer.on(consumer.events.STOP, () => {
      if (current === consumer) current = undefined
    })
    consumer.on(consumer.events.CRASH, ({ payload }) => crashed.reject(payload.error))
    try {
      // Joining a group may take as long as its members' sessions: stopping does not wait for it.
      await Promise.race([
        Promise.all([start(consumer, () => ended), crashed.promise]),
        aborted(stopping.signal),
      ])
    } finally {
      ended = true
      clearTimeout(unheard)
      clearTimeout(allowing)
      // Whoever waits for a broker that has gone cannot leave its group; the group gives it up by itself.
      await Promise.race([endConsumer().catch(() => undefined), sleep(FAREWELL_MS)])
      await onEnd()
    }
  }

  async function run(): Promise<void> {
    await Promise.race([begin, aborted(stopping.signal)])
    let delay = FIRST_DELAY_MS
    while (!stopping.signal.aborted) {
      const startedAt = performance.now()
      try {
        await runOnce()
      } catch (error) {
        if (performance.now() - startedAt > LONGEST_DELAY_MS) delay = FIRST_DELAY_MS
        if (await refusals.refused(error, stopping.signal)) continue
        // Soon mended as a rule: a coordinator that is still loading, a leader that moves.
        const level = delay < LASTING_DELAY_MS ? 'info' : 'warn'
        log[level]({ topic, error: errorText(error), retryInMs: delay }, 'Consumer stopped, restarting')
        await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined)
        delay = Math.min(delay * 2, LONGEST_DELAY_MS)
      }
    }
  }

  const ended = run()
  return {
    /** Undefined while none can be told anything. */
    current: () => current,
    /** When the group's coordinator last answered, by `performance.now()`. */
    lastHeard: () => heardAt,
    /** Lets the batches in hand end, leaves the group, disconnects. */
    async stop(): Promise<void> {
      stopping.abort()
      await ended
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error))
