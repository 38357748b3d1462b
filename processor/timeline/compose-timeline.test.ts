import { expect, test } from 'vitest'
import type { Homes } from '../../backbone/layout/homes.ts'
import { canonicalCheckout } from '../../backbone/records/checkout.ts'
import { eventIdOfBody, eventIdOfRedrive, idOutsideHome } from '../../backbone/records/event-id.ts'
import type { Outcome } from '../../backbone/records/outcome.ts'
import { homePartition } from '../../backbone/records/partition.ts'
import type { RecordHeaders, StoredRecord } from '../../backbone/records/record.ts'
import type { Delivery } from '../../backbone/timeline/deliveries.ts'
import type { TimelineStep } from '../../backbone/timeline/timeline.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { type ClaimRecord, emptyPartition } from '../read-model/record.ts'
import { builtInMessages } from '../testing/messages.ts'
import { dataRecord } from '../testing/records.ts'
import { createTimelineComposer } from './compose-timeline.ts'
import type { History } from './scan-history.ts'

const EVENT = 'f'.repeat(32)
const AT = 1_764_115_200_000
const iso = (ms: number) => new Date(AT + ms).toISOString()
const outcome: Outcome = {
  eventId: EVENT,
  kind: 'quick',
  message: 'Hola',
  checkout: boughtQuickly,
  receivedAt: iso(0),
  classifiedAt: iso(50),
  source: { partition: 3, offset: 7 },
}
const record = (offset: number, ms: number, headers: RecordHeaders, value: object | string = boughtQuickly) =>
  dataRecord(offset, value, {
    timestamp: String(AT + ms),
    headers: { 'event-id': EVENT, 'received-at': iso(ms - 1), ...headers },
  })
const claimAt = (ms: number, member: string | undefined = 'processor-1'): ClaimRecord => ({
  partition: 3,
  offset: 2,
  memberId: 'run-1',
  member,
  cluster: 'cluster-b',
  at: AT + ms,
})

interface Given {
  of?: Partial<Outcome>
  records?: StoredRecord[]
  claim?: ClaimRecord | undefined
  history?: History
  redriven?: Outcome
  deliveries?: Delivery[]
  /** From this offset on, the log is no copy any more. */
  since?: number
  homes?: Homes
}

async function compose({
  of = {},
  records = [],
  claim,
  history,
  redriven,
  deliveries = [],
  since,
  homes = [6],
}: Given) {
  const found = { ...outcome, ...of }
  const end = { searched: { partition: 3, from: 7, to: 9, end: true } }
  const composer = createTimelineComposer({
    readModel: {
      ownerAt: () => claim,
      partition: () => ({
        ...emptyPartition(),
        copied: since === undefined ? undefined : { since, former: ['aaaaaaaa'] },
      }),
      find: (id) =>
        redriven && id === redriven.eventId
          ? { partition: 3, offset: 20, owner: 'web', json: Buffer.from(JSON.stringify(redriven)) }
          : undefined,
    },
    async scanHistory({ offset, onSource, onLater }) {
      for (const each of records) (Number(each.offset) === offset ? onSource : onLater)?.(each)
      return history ?? (onLater ? end : {})
    },
    rules: () => ({
      topic: 'DataTopic',
      homes,
      longestPlausibleMinutes: 10_080,
      messages: builtInMessages,
    }),
    reportOf: () => ({
      process: 'processor-1',
      since: { customers: iso(-1_000), readers: iso(-1_000) },
      deliveries,
    }),
    topics: {
      data: 'DataTopic',
      notifications: 'Notifications',
      deadLetters: { topic: 'Dead', partitions: 2 },
    },
  })
  const json = Buffer.from(JSON.stringify(found))
  return composer({ partition: 3, offset: 9, owner: 'web', json }, AbortSignal.timeout(1_000))
}
const codes = ({ steps }: { steps: TimelineStep[] }) => steps.map(({ what }) => what)

test('the clocks of gateway and processor may differ: what happened to a record keeps its order', async () => {
  const timeline = await compose({
    records: [record(7, 900, { 'received-by': 'gateway-1 r1' }), record(8, 950, {})],
    claim: claimAt(-5_000),
  })
  expect(codes(timeline)).toEqual(['received', 'stored', 'classified', 'repeated'])
  expect(timeline.incomplete).toEqual([])
})

test('the offset of a record on another cluster is not looked up on this one', async () => {
  const records = [record(7, 5, {})]
  const copied = await compose({ records, claim: claimAt(-5_000), since: 10 })
  expect(codes(copied)).toEqual(['received', 'stored', 'classified'])
  expect(copied.steps[1]).toMatchObject({ at: null, where: { topic: 'DataTopic', partition: 3 } })
  expect(copied.steps[1]?.where.offset).toBeUndefined()
  expect(copied.incomplete).toMatchObject([
    { reason: 'record-removed', detail: expect.stringContaining('another Kafka cluster') },
  ])
  expect((await compose({ records, claim: claimAt(-5_000), since: 9 })).incomplete).toEqual([])
})

test('a repetition that came before the outcome is put before it', async () => {
  const records = [record(7, 5, {}), record(8, 20, {})]
  expect(codes(await compose({ records, claim: claimAt(-5_000) }))).toEqual([
    'received',
    'stored',
    'repeated',
    'classified',
  ])
})

test.each([
  [4, []],
  [6, ['claimed']],
  [50, ['claimed']],
  [51, []],
])(
  'a claim %i ms after the gateway received it is a step only between storing and classifying',
  async (ms, steps) => {
    const timeline = await compose({ records: [record(7, 5, {})], claim: claimAt(ms) })
    expect(codes(timeline).filter((code) => code === 'claimed')).toEqual(steps)
    expect(timeline.steps.at(-1)).toMatchObject({ what: 'classified', run: 'run-1' })
  },
)

test('a claim of an earlier version has only an id, and a removed one is named', async () => {
  const unnamed = { ...claimAt(-5_000), member: undefined }
  const [, , classified] = (await compose({ records: [record(7, 5, {})], claim: unnamed })).steps
  expect(classified?.where.process).toBe('run-1')
  const { incomplete, steps } = await compose({ records: [record(7, 5, {})] })
  expect(steps.at(-1)?.where).toEqual({ topic: 'Notifications', partition: 3, offset: 9 })
  expect(incomplete).toMatchObject([{ reason: 'claim-removed' }])
})

const warnings = (count: number) =>
  JSON.stringify(Array.from({ length: count }, (_, i) => ({ pointer: `/${i}`, code: 'unknown_field' })))

test.each([
  { corrections: '[{"pointer":7}]', warnings: 'not JSON', 'received-by': 'nobody' },
  { warnings: warnings(101), 'received-by': `${'x'.repeat(1_000)} r1` },
])('headers of another program are no steps', async (headers) => {
  const { steps } = await compose({ records: [record(7, 5, headers)], claim: claimAt(-1) })
  expect(steps.map(({ what, where }) => [what, where.process])).toEqual([
    ['received', undefined],
    ['stored', undefined],
    ['classified', 'processor-1'],
  ])
})

test('as many warnings as a gateway may note are shown', async () => {
  const { steps } = await compose({
    records: [record(7, 5, { warnings: warnings(100) })],
    claim: claimAt(-1),
  })
  expect(codes({ steps })).toContain('warned')
})

test('a record of a recreated topic is not taken for the one that was classified', async () => {
  const { steps, incomplete } = await compose({
    records: [record(7, 5, { 'event-id': 'another', 'received-by': 'gateway-9 r9' })],
    claim: claimAt(-1),
  })
  expect(JSON.stringify(steps)).not.toContain('gateway-9')
  expect(incomplete).toMatchObject([{ reason: 'record-removed' }])
})

test('a record without an event id is recognised by its body; others of the customer are no steps', async () => {
  const plain = (offset: number, value: object) => dataRecord(offset, value, { timestamp: String(AT + 60) })
  const eventId = eventIdOfBody(canonicalCheckout(boughtQuickly))
  const partition = homePartition(boughtQuickly.id, 'purchase', 6)
  const { steps } = await compose({
    of: { eventId, source: { partition, offset: 7 } },
    records: [
      plain(7, boughtQuickly),
      plain(8, { ...boughtQuickly, folio: 'ZZZ-0001' }),
      plain(9, boughtQuickly),
    ],
    claim: claimAt(-1),
  })
  const repeated = steps.filter(({ what }) => what === 'repeated')
  expect(repeated.map(({ where }) => where.offset)).toEqual([9])
  expect(steps[0]).toMatchObject({ what: 'stored', directly: true })
})

test.each([
  { before: 6, now: 9, was: 'at home' },
  { before: 9, now: 6, was: 'outside its home' },
])(
  'a record without an event id that was $was before the layout changed has the same repetitions',
  async ({ before, now }) => {
    const id = Array.from({ length: 100 }, (_, n) => n.toString(16).padStart(24, '0')).find(
      (customer) => homePartition(customer, 'purchase', before) !== homePartition(customer, 'purchase', now),
    )
    const checkout = { ...boughtQuickly, id: id ?? '' }
    const partition = homePartition(checkout.id, 'purchase', 6)
    const idAtHome = eventIdOfBody(canonicalCheckout(checkout))
    const plain = (offset: number) => dataRecord(offset, checkout, { timestamp: String(AT + 60) })
    const { steps } = await compose({
      of: {
        eventId: before === 6 ? idAtHome : idOutsideHome(idAtHome, partition),
        checkout,
        source: { partition, offset: 7 },
      },
      records: [plain(7), plain(8)],
      claim: claimAt(-1),
      homes: [before, now],
    })
    expect(steps.filter(({ what }) => what === 'repeated').map(({ where }) => where.offset)).toEqual([8])
  },
)

test('a dead letter that was sent again arrived then, not when its first record did', async () => {
  const eventId = eventIdOfRedrive('x-p3-o7', 3)
  const redrive = { 'redrive-of': 'x-p3-o7', 'redrive-by': 'ops', 'redrive-at': iso(4), 'event-id': eventId }
  const headers = { ...redrive, 'received-by': 'gateway-2 r2', 'received-at': iso(-90_000) }
  const { steps } = await compose({ of: { eventId }, records: [record(7, 5, headers)], claim: claimAt(-1) })
  expect(steps[0]).toEqual({
    what: 'redriven',
    at: iso(4),
    where: { process: 'gateway-2' },
    requestId: 'r2',
    of: 'x-p3-o7',
    by: 'ops',
  })
  expect(codes({ steps })).toEqual(['redriven', 'stored', 'classified'])
})

test('a dead letter names the event that it became', async () => {
  const eventId = eventIdOfRedrive('x-p3-o7', 3)
  const { steps } = await compose({
    of: { kind: 'invalid', checkout: null, message: null, eventId: 'x-p3-o7' },
    records: [record(7, 5, {}, 'not JSON')],
    claim: claimAt(-1),
    redriven: {
      ...outcome,
      eventId,
      source: { partition: 3, offset: 12 },
      redrive: { of: 'x-p3-o7', by: 'ops', at: iso(90_000) },
    },
  })
  expect(steps.slice(-2)).toMatchObject([
    { what: 'dead-letter', reason: expect.stringMatching(/^not JSON/) },
    { what: 'sent-again', at: iso(90_000), where: { partition: 3, offset: 12 }, eventId, by: 'ops' },
  ])
})

test('a search that did not reach the end is incomplete', async () => {
  const searched = { partition: 3, from: 7, to: 5_008, end: false }
  const { incomplete } = await compose({
    records: [record(7, 5, {})],
    claim: claimAt(-1),
    history: { searched },
  })
  expect(incomplete).toMatchObject([{ reason: 'too-late', what: ['repeated', 'conflict'] }])
})

test('of an invalid record the reason names fields, and the dead-letter topic', async () => {
  const { steps, incomplete } = await compose({
    of: { kind: 'invalid', checkout: null, message: null, eventId: 'x-p3-o7' },
    records: [record(7, 5, {}, { ...boughtQuickly, id: 'Ana', edad: 'secret' })],
    claim: claimAt(-1),
  })
  expect(steps.at(-1)).toMatchObject({
    what: 'dead-letter',
    where: { topic: 'Dead', partition: 1 },
    reason: expect.stringMatching(/^invalid checkout: .*\/edad/),
  })
  expect(JSON.stringify(steps)).not.toContain('secret')
  expect(incomplete).toEqual([])
})
