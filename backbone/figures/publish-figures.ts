import type { Logger } from 'pino'
import type { FiguresSender } from '../kafka/figures-sender.ts'
import type { Member } from './create-member.ts'
import { createDeliveryState } from './delivery-state.ts'
import { createFiguresQueue, MOST_WAITING } from './figures-queue.ts'
import type { MemberEvent, ReportEvent } from './member-event.ts'
import type { LoadFigures } from './member-figures.ts'

interface PublishOptions {
  member: Member
  sender: FiguresSender
  /** Whether Kafka accepts the connections of this process. Before, nothing is tried. */
  isAuthenticated: () => boolean
  /** What Kafka refused, and what to check; undefined if it was another failure. */
  explain: (error: unknown) => string | undefined
  /** Called once a second, before the figures are taken. */
  onTick: () => void
  log: Logger
}

const PERIOD_MS = 1_000
const FROZEN_AFTER_MS = 3_000

/**
 * Publishes the figures of this process once a second and its events at once, without waiting for Kafka: there is one send
 * at a time, and figures that are due meanwhile are left out.
 */
export function publishFigures({ member, sender, isAuthenticated, explain, onTick, log }: PublishOptions) {
  const delivery = createDeliveryState({ explain, log })
  const queue = createFiguresQueue({ sender, delivery, isAuthenticated })
  let fresh: MemberEvent[] = []
  let lastTick = performance.now()
  let isTicking = false

  const report: ReportEvent = (...codeAndDetails) => {
    const event = member.event(...codeAndDetails)
    queue.add(event)
    fresh = [...fresh, event].slice(-MOST_WAITING)
    // The next tick sends it otherwise.
    if (delivery.hasSent() && !isTicking) queue.send([])
  }

  function tick() {
    isTicking = true
    const now = performance.now()
    const wasFrozen = now - lastTick > FROZEN_AFTER_MS
    if (wasFrozen) report('paused', { seconds: Math.floor((now - lastTick) / 1_000) })
    lastTick = now
    delivery.check(wasFrozen)
    onTick()
    isTicking = false
    // Received data is read first: what Kafka has answered meanwhile does not wait for it.
    if (wasFrozen) setImmediate(() => queue.send([member.figures()]))
    else queue.send([member.figures()])
  }

  report('started')
  const timer = setInterval(tick, PERIOD_MS)

  return {
    report,
    relay: (record: LoadFigures): Promise<void> => queue.relay(record),
    /** Events since the last call, at most the newest 50. */
    takeEvents(): MemberEvent[] {
      const taken = fresh
      fresh = []
      return taken
    },
    /** Whether Kafka has ever taken something from this process. */
    hasSent: delivery.hasSent,
    /** Nothing was sent for a while, though Kafka refused nothing. */
    isUnreachable: delivery.isUnreachable,
    /** Publishes the last figures if Kafka answers. */
    close(): Promise<void> {
      clearInterval(timer)
      return queue.close(() => ({ ...member.figures(), ends: true }))
    },
  }
}
