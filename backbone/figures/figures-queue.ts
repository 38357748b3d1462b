import { setTimeout as sleep } from 'node:timers/promises'
import type { FiguresSender } from '../kafka/figures-sender.ts'
import type { createDeliveryState } from './delivery-state.ts'
import { figuresKey } from './figures-key.ts'
import type { MemberEvent } from './member-event.ts'
import type { FiguresRecord, LoadFigures } from './member-figures.ts'

interface QueueOptions {
  sender: FiguresSender
  delivery: ReturnType<typeof createDeliveryState>
  /** Whether Kafka accepts the connections of this process. Before, nothing is tried. */
  isAuthenticated: () => boolean
}

/** Figures of a load run that wait for the next send. */
interface Relayed {
  record: LoadFigures
  resolve: () => void
  reject: (error: unknown) => void
}

export const MOST_WAITING = 50
const CLOSE_WITHIN_MS = 500

/** Sends one batch at a time. Events wait until Kafka has them, the newest 50 of them; figures are not kept. */
export function createFiguresQueue({ sender, delivery, isAuthenticated }: QueueOptions) {
  let events: MemberEvent[] = []
  let loads: Relayed[] = []
  let sending: Promise<void> | undefined
  let isClosed = false

  const pauses = () => delivery.pauses() || !isAuthenticated()

  /** With the events that wait; does nothing while another batch is being sent. */
  function send(figures: readonly FiguresRecord[]): void {
    if (sending || isClosed || pauses()) return
    sending = sendNow(figures).finally(() => {
      sending = undefined
      // They happened meanwhile.
      if (events.length > 0 || loads.length > 0) send([])
    })
  }

  /** Never rejects. */
  async function sendNow(figures: readonly FiguresRecord[]): Promise<void> {
    const sent = events
    const relayed = loads
    loads = []
    delivery.began()
    try {
      const records = [...sent, ...figures, ...relayed.map(({ record }) => record)]
      await sender.send(records.map((record) => ({ key: figuresKey(record), value: JSON.stringify(record) })))
      events = events.filter((event) => !sent.includes(event))
      for (const { resolve } of relayed) resolve()
      delivery.succeeded()
    } catch (error) {
      for (const { reject } of relayed) reject(error)
      delivery.failed(error)
    }
  }

  return {
    send,
    add(event: MemberEvent): void {
      events = [...events, event].slice(-MOST_WAITING)
    },
    /**
     * Publishes the figures of a load run with the next send; rejects if that fails. The caller must limit its wait: the
     * send before may take long, and only the newest 50 wait for it.
     */
    async relay(record: LoadFigures): Promise<void> {
      if (isClosed || pauses()) throw new Error('Kafka does not answer')
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      loads = [...loads, { record, resolve, reject }].slice(-MOST_WAITING)
      send([])
      return promise
    },
    /** Sends a last record if Kafka answers; takes half a second at most. */
    async close(last: () => FiguresRecord): Promise<void> {
      isClosed = true
      if (!delivery.isFine()) return
      const closed = (sending ?? Promise.resolve()).then(() => sendNow([last()])).then(() => sender.close())
      await Promise.race([closed, sleep(CLOSE_WITHIN_MS)])
    },
  }
}
