import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { FiguresSender } from '../kafka/figures-sender.ts'
import type { Member } from './create-member.ts'
import { createDeliveryState } from './delivery-state.ts'
import { figuresKey } from './figures-key.ts'
import type { MemberEvent, ReportEvent } from './member-event.ts'
import type { FiguresRecord, LoadFigures } from './member-figures.ts'

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

/** Figures of a load run that wait for the next send. */
interface Relayed {
  record: LoadFigures
  resolve: () => void
  reject: (error: unknown) => void
}

const PERIOD_MS = 1_000
const FROZEN_AFTER_MS = 3_000
const MOST_WAITING = 50
const CLOSE_WITHIN_MS = 500

/**
 * Publishes the figures of this process once a second and its events at once, without waiting for Kafka: there is one send
 * at a time, and figures that are due meanwhile are left out. Events wait for Kafka, the newest 50 of them.
 */
export function publishFigures({ member, sender, isAuthenticated, explain, onTick, log }: PublishOptions) {
  const delivery = createDeliveryState({ explain, log })
  let waiting: MemberEvent[] = []
  let loads: Relayed[] = []
  let fresh: MemberEvent[] = []
  let sending: Promise<void> | undefined
  let lastTick = performance.now()
  let isClosing = false
  let isTicking = false

  const report: ReportEvent = (...codeAndDetails) => {
    const event = member.event(...codeAndDetails)
    waiting = [...waiting, event].slice(-MOST_WAITING)
    fresh = [...fresh, event].slice(-MOST_WAITING)
    // The next tick sends it otherwise.
    if (delivery.hasSent() && !isTicking) send([])
  }

  function send(figures: readonly FiguresRecord[]): void {
    if (sending || isClosing || pauses()) return
    sending = sendNow(figures).finally(() => {
      sending = undefined
      // They happened meanwhile.
      if (waiting.length > 0 || loads.length > 0) send([])
    })
  }

  /** Never rejects. */
  async function sendNow(figures: readonly FiguresRecord[]): Promise<void> {
    const events = waiting
    const relayed = loads
    loads = []
    delivery.began()
    try {
      const records = [...events, ...figures, ...relayed.map(({ record }) => record)]
      await sender.send(records.map((record) => ({ key: figuresKey(record), value: JSON.stringify(record) })))
      waiting = waiting.filter((event) => !events.includes(event))
      for (const { resolve } of relayed) resolve()
      delivery.succeeded()
    } catch (error) {
      for (const { reject } of relayed) reject(error)
      delivery.failed(error)
    }
  }

  const pauses = () => delivery.pauses() || !isAuthenticated()

  async function relay(record: LoadFigures): Promise<void> {
    if (isClosing || pauses()) throw new Error('Kafka does not answer')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    loads = [...loads, { record, resolve, reject }].slice(-MOST_WAITING)
    send([])
    return promise
  }

  function tick() {
    isTicking = true
    const now = performance.now()
    const wasFrozen = now - lastTick > FROZEN_AFTER_MS
    if (wasFrozen) report('paused', { seconds: Math.floor((now - lastTick) / 1_000) })
    lastTick = now
    delivery.look(wasFrozen)
    onTick()
    isTicking = false
    send([member.figures()])
  }

  report('started')
  const timer = setInterval(tick, PERIOD_MS)

  return {
    report,
    /**
     * Publishes the figures of a load run with the next send; rejects if that fails. The caller must limit its wait: the
     * send before may take long, and only the newest 50 wait for it.
     */
    relay,
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
    /** Publishes the last figures if Kafka answers; takes half a second at most. */
    async close(): Promise<void> {
      clearInterval(timer)
      isClosing = true
      if (!delivery.isFine()) return
      const last = (sending ?? Promise.resolve())
        .then(() => sendNow([{ ...member.figures(), ends: true }]))
        .then(() => sender.close())
      await Promise.race([last, sleep(CLOSE_WITHIN_MS)])
    },
  }
}
