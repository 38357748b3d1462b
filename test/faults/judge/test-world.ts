import { homePartition, laneOf } from '../../../backbone/records/partition.ts'
import { checkoutOf } from '../../checkouts.ts'
import type { SentCheckout } from '../load/sent-checkout.ts'
import type { LoggedRecord } from './logged-record.ts'
import { decideAll, testBeginning, testPartitions } from './test-decisions.ts'

const CHECKOUTS = 36
// A separate list: the tests name checkouts by number, so a new kind must not renumber them.
const kinds = ['quick', 'slow', 'none', 'unverified'] as const

export const idOf = (number: number) => `event-${String(number).padStart(3, '0')}`

type Checkout = ReturnType<typeof checkoutOf>

/** The same in every run: numbered customers with three events each. */
export function checkoutWith(number: number): Checkout {
  const sample = checkoutOf(kinds[number % kinds.length] ?? 'quick', number)
  const customer = String(Math.floor(number / 12)).padStart(24, '0')
  return { ...sample, id: customer, ubicacion: { ...sample.ubicacion, direccion: `${number} Abbey Road` } }
}

/** Everything that a run leaves behind, as plain lists that a test may change. */
export interface World {
  data: LoggedRecord[]
  notifications: LoggedRecord[]
  /** The results of a new group for the same records. */
  reclassified: LoggedRecord[]
  deadLetters: LoggedRecord[]
  followUps: LoggedRecord[]
  ledger: SentCheckout[]
  /** The events that the subscriber received, in order. */
  streamed: LoggedRecord[]
  gaps: string[]
}

const homeOf = (checkout: Checkout) => homePartition(checkout.id, laneOf(checkout), testPartitions)

/** A run without defects; the product's own rules decide on each record. */
export function createWorld(): World {
  const world: World = {
    data: [],
    notifications: [],
    reclassified: [],
    deadLetters: [],
    followUps: [],
    ledger: [],
    streamed: [],
    gaps: [],
  }

  function append(partition: number, key: string, value: string, headers: Record<string, string>) {
    const offset = world.data.filter((record) => record.partition === partition).length
    const timestamp = testBeginning + world.data.length
    const record = { partition, offset, timestamp, key, value, headers: new Map(Object.entries(headers)) }
    world.data.push(record)
    return record
  }

  function send(number: number, checkout: Checkout, eventId = idOf(number), times = 1): SentCheckout {
    const body = JSON.stringify(checkout)
    const acknowledgements = Array.from({ length: times }, () => {
      const headers = {
        'event-id': eventId,
        'received-at': new Date(testBeginning + world.data.length).toISOString(),
      }
      const { partition, offset } = append(homeOf(checkout), checkout.id, body, headers)
      return { eventId, partition, offset }
    })
    const sent = { number, key: `key-${number}`, body, acknowledgements, attempts: times }
    world.ledger.push(sent)
    return sent
  }

  for (let number = 0; number < CHECKOUTS; number++) {
    send(number, checkoutWith(number), idOf(number), number % 9 === 4 ? 2 : 1)
  }
  const contested = {
    ...checkoutWith(0),
    ubicacion: { ...checkoutWith(0).ubicacion, direccion: '900 Abbey Road' },
  }
  Object.assign(send(900, contested, idOf(0)), { reusesKeyOf: 0 })
  world.ledger.push({
    number: 901,
    key: undefined,
    body: JSON.stringify(checkoutWith(901)),
    acknowledgements: [],
    attempts: 5,
  })

  const plain = checkoutWith(800)
  append(homeOf(plain), 'null', JSON.stringify(plain), {})
  append((homeOf(plain) + 1) % testPartitions, 'null', JSON.stringify(plain), {})
  append(1, 'null', JSON.stringify({ ...checkoutWith(801), edad: '44', nombre: ' Scarlett ', taps: '' }), {})
  append(1, 'null', JSON.stringify({ ...checkoutWith(802), folio: 'none' }), {})
  append(1, 'null', JSON.stringify({ ...checkoutWith(804), email: 'María José.Díaz@mail.com' }), {})
  append(2, 'null', 'no JSON,\tat all', {})

  world.notifications = decideAll(world.data, 0, world.deadLetters)
  world.reclassified = decideAll(world.data, 60_000, [])
  world.streamed = structuredClone(world.notifications)
  world.followUps = structuredClone(
    world.notifications.filter(({ value }) => /"kind":"(slow|unverified)"/.test(value)),
  )
  return world
}

/** The record of a list with this event id as its key or in its header. */
export function recordOf(records: LoggedRecord[], eventId: string): LoggedRecord {
  const found = records.find(({ key, headers }) => key === eventId || headers.get('event-id') === eventId)
  if (!found) throw new Error(`the test records have no ${eventId}`)
  return found
}

export function remove<T>(list: T[], element: T): void {
  list.splice(list.indexOf(element), 1)
}

/** Changes the JSON of a record. */
export function rewrite(record: LoggedRecord, change: (value: Record<string, unknown>) => void): void {
  const value = JSON.parse(record.value) as Record<string, unknown>
  change(value)
  record.value = JSON.stringify(value)
}

/** The same records, with two of them exchanged. */
export function exchange(one: LoggedRecord, other: LoggedRecord): void {
  const { key, value } = one
  Object.assign(one, { key: other.key, value: other.value })
  Object.assign(other, { key, value })
}
