import { setImmediate } from 'node:timers/promises'
import pino from 'pino'
import { createAccess } from '../../backbone/access/authenticate.ts'
import { createRegistry } from '../../backbone/process/metrics.ts'
import { sampleCheckout } from '../../backbone/records/sample-checkout.ts'
import { createApp } from '../../processor/app.ts'
import { createDeliveryMemory } from '../../processor/deliveries/delivery-memory.ts'
import { openReadModel } from '../../processor/read-model/open-read-model.ts'
import { hashOf, type OutcomeRecord } from '../../processor/read-model/record.ts'
import { encodeCursor } from '../../processor/results/cursor.ts'
import { builtInFiles } from '../../processor/testing/messages.ts'
import { spreadOf } from '../spread.ts'

// Arguments: the file of the read model and its number of outcomes. Fills the file if necessary, reopens it,
// and prints in one line what reads cost, as a processor answers them but without the socket.

const [path = '', count = ''] = process.argv.slice(2)
const outcomes = Number(count)
const PARTITIONS = 6
const RECORDS_AN_APPEND = 2_500
const EVENTS = 2_000
const EVENTS_A_TURN = 10_000
const ADDED = 60_000
const PAGES = 100
const PAGE = 100
const LOG = 'cafe0001'
// One each millisecond: a page has some of each partition.
const FIRST_AT = Date.parse('2026-11-30T12:00:00Z')
// Each customer has ten.
const OUTCOMES_A_CUSTOMER = 10

const eventOf = (number: number) => `bench-${number.toString(16).padStart(24, '0')}`
const customerOf = (number: number) =>
  Math.floor(number / (OUTCOMES_A_CUSTOMER * PARTITIONS))
    .toString(16)
    .padStart(24, '0')

// Spread over all folios, like those of a store.
const folioOf = (number: number) => {
  const mixed = Math.imul(number, 0x9e3779b1) >>> 0
  const letters = [0, 1, 2].map((n) => String.fromCharCode(65 + (Math.floor(mixed / 26 ** n) % 26)))
  return `${letters.join('')}-${String(mixed % 10_000).padStart(4, '0')}`
}

function recordOf(number: number): OutcomeRecord {
  const [partition, offset] = [number % PARTITIONS, Math.floor(number / PARTITIONS)]
  const receivedAt = FIRST_AT + number
  const classifiedAt = receivedAt + 10
  const outcome = {
    eventId: eventOf(number),
    kind: 'quick',
    message: 'Estimad@ Scarlett,',
    checkout: { ...sampleCheckout, id: customerOf(number), folio: folioOf(number) },
    receivedAt: new Date(receivedAt).toISOString(),
    classifiedAt: new Date(classifiedAt).toISOString(),
    source: { partition, offset },
  }
  return {
    partition,
    offset,
    eventId: outcome.eventId,
    eventHash: hashOf(outcome.eventId),
    customer: outcome.checkout.id,
    folio: outcome.checkout.folio,
    owner: 'anonymous',
    kind: 'quick',
    receivedAt,
    classifiedAt,
    json: Buffer.from(JSON.stringify(outcome)),
  }
}

const open = () =>
  openReadModel({
    path,
    partitions: PARTITIONS,
    onFailure: (error) => {
      throw error
    },
  })

const inAll = (readModel: ReturnType<typeof open>) =>
  readModel.partitions().reduce((sum, { next }) => sum + next, 0)

const recordsFrom = (first: number, many: number) =>
  Array.from({ length: many }, (_, index) => recordOf(first + index))

async function append(readModel: ReturnType<typeof open>, added: OutcomeRecord[]): Promise<void> {
  for (const [partition, records] of Map.groupBy(added, (record) => record.partition)) {
    const next = (records.at(-1)?.offset ?? 0) + 1
    await readModel.append(partition, { records, next, resume: next, log: LOG })
  }
}

async function fill(readModel: ReturnType<typeof open>): Promise<void> {
  const step = RECORDS_AN_APPEND * PARTITIONS
  for (let first = inAll(readModel); first < outcomes; first += step) {
    await append(readModel, recordsFrom(first, Math.min(step, outcomes - first)))
  }
  await readModel.close()
}

/** CPU time of both threads for each added outcome, in milliseconds. */
async function timeToAdd(readModel: ReturnType<typeof open>): Promise<number> {
  const step = RECORDS_AN_APPEND * PARTITIONS
  const first = inAll(readModel)
  const batches = Array.from({ length: ADDED / step }, (_, batch) => recordsFrom(first + batch * step, step))
  const before = process.cpuUsage()
  for (const batch of batches) await append(readModel, batch)
  await readModel.close()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000 / (batches.length * step)
}

/** Milliseconds, the median of several runs. */
function timesOf(times: number, work: (index: number) => void): number {
  const took = Array.from({ length: times }, (_, index) => {
    const began = performance.now()
    work(index)
    return performance.now() - began
  })
  return spreadOf(took).median
}

await fill(open())
const readModel = open()
// Its filter of events loads the file in steps, one in each turn of the event loop.
for (let turn = 0; turn < outcomes / EVENTS_A_TURN + 10; turn++) await setImmediate()
// Spread over all of them, without the newest, which are in memory.
const numberAt = (index: number, of: number) => Math.floor(((index + 0.5) / of) * outcomes * 0.9)
const app = createApp({
  access: createAccess(undefined),
  messageFiles: builtInFiles({ storeName: 'CyberDay' }),
  mostStreams: 1,
  readModel,
  deadLetters: undefined,
  deliveries: createDeliveryMemory({ process: 'processor-1', readModel }),
  composeTimeline: () => Promise.reject(new Error('not measured')),
  askWhySlow: () => Promise.reject(new Error('not measured')),
  observer: undefined,
  forecasts: undefined,
  growth: undefined,
  checks: () => [],
  streamBegins: () => () => undefined,
  withoutResults: () => undefined,
  draining: new AbortController().signal,
  allowedHosts: undefined,
  log: pino({ level: 'silent' }),
  onError: (error) => {
    throw error
  },
  registry: createRegistry(),
})

/** Milliseconds, the median of several runs. */
async function timesOfGets(times: number, pathOf: (index: number) => string, least: number): Promise<number> {
  const took: number[] = []
  for (let index = 0; index < times; index++) {
    const asked = pathOf(index)
    const began = performance.now()
    const body = await (await app.request(asked)).text()
    took.push(performance.now() - began)
    if (body.split('"eventId"').length <= least) throw new Error(`${asked}: ${body}`)
  }
  return spreadOf(took).median
}

const pageMs = await timesOfGets(
  PAGES,
  (index) => {
    const from = Math.floor(numberAt(index, PAGES) / PARTITIONS)
    const cursor = encodeCursor({
      next: Array.from({ length: PARTITIONS }, () => from),
      logs: Array.from({ length: PARTITIONS }, () => LOG),
    })
    return `/notifications?limit=${PAGE}&cursor=${cursor}`
  },
  PAGE,
)
const customerMs = await timesOfGets(
  PAGES,
  (index) => `/notifications?customer=${customerOf(numberAt(index, PAGES))}`,
  1,
)
const folioMs = await timesOfGets(PAGES, (index) => `/checkouts?folio=${folioOf(numberAt(index, PAGES))}`, 1)
const newestMs = await timesOfGets(PAGES, () => `/checkouts?limit=${PAGE}`, PAGE)
const eventMs = await timesOfGets(EVENTS, (index) => `/checkout/${eventOf(numberAt(index, EVENTS))}`, 1)
const findUs = timesOf(EVENTS, (index) => {
  if (readModel.find(eventOf(numberAt(index, EVENTS))) === undefined) throw new Error('an event is unknown')
})
const unseenUs = timesOf(EVENTS, (index) => {
  if (readModel.find(`never-${index}`) !== undefined) throw new Error('an event was never there')
})
const addMs = await timeToAdd(readModel)
console.log(
  JSON.stringify({
    pageMs,
    customerMs,
    folioMs,
    newestMs,
    eventUs: eventMs * 1_000,
    findUs: findUs * 1_000,
    unseenUs: unseenUs * 1_000,
    addUs: addMs * 1_000,
  }),
)
process.exit(0)
