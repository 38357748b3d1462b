import type { MemberFigures } from '../../backbone/operations/member-figures.ts'
import { createSystemModel, HISTORY_MS } from '../../backbone/operations/system-model.ts'
import { type TickingModel, tickModel } from '../../backbone/operations/tick-model.ts'
import { type FollowOptions, followFigures } from './follow-figures.ts'
import { watchKafka } from './watch-kafka.ts'

interface ObserveOptions extends Omit<FollowOptions, 'model'> {
  figures: () => MemberFigures
  homePartitions: number
  dataTopic: string
  /** All topics of this system. */
  topics: readonly string[]
}

/** The last viewer may be about to reconnect. */
const GRACE_MS = 15_000

/** Knows the state of the whole system, and asks Kafka more while somebody looks at it. */
export function observeSystem({ figures, homePartitions, dataTopic, topics, ...options }: ObserveOptions) {
  const model = createSystemModel({
    from: figures().member,
    partial: false,
    homePartitions,
    followedSince: Date.now() - HISTORY_MS,
  })
  let ticking: TickingModel | undefined
  let viewers = 0
  let watchedUntil = 0
  const kafka = watchKafka({
    ...options,
    dataTopic,
    topics,
    model,
    isWatched: () => viewers > 0 || performance.now() < watchedUntil,
  })
  const follower = followFigures({ ...options, model })
  let isStopping = false
  void follower.caughtUp.then(() => {
    if (!isStopping) ticking = tickModel({ model, figures })
  })
  const look = () => {
    watchedUntil = performance.now() + GRACE_MS
  }

  return {
    /** Undefined until the model knows what has happened before. */
    ticks: () => ticking?.ticks,
    /** Call it for each look at the state. */
    look,
    /** Counts a viewer. Call the result when it ends. */
    enter(): () => void {
      viewers++
      return () => {
        viewers--
        look()
      }
    },
    viewers: () => viewers,
    async stop(): Promise<void> {
      isStopping = true
      ticking?.stop()
      await Promise.all([follower.stop(), kafka.stop()])
    },
    /** Of no more use after it was stopped. */
    groups: () => follower.groups(),
  }
}

export type SystemObserver = ReturnType<typeof observeSystem>
