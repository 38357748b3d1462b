import { expect, test, vi } from 'vitest'
import type { Outcome } from '../backbone/records/outcome.ts'
import type { Timeline } from '../backbone/timeline/timeline.ts'
import { checkoutOf } from './checkouts.ts'
import { readTopic, type TopicRecord } from './read-topic.ts'
import { useSystem } from './use-system.ts'

const system = useSystem({ gateways: 2, processors: 2 })
const SOON = { timeout: 20_000, interval: 100 }

async function post(gateway: number, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${system().gateways[gateway]?.url}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(202)
  const { eventId } = (await response.json()) as { eventId: string }
  return { eventId, requestId: response.headers.get('x-request-id') ?? '' }
}

/** As another program does. */
const writeDirectly = (
  partition: number,
  key: string | null,
  checkout: object,
  headers: Record<string, string> = {},
) =>
  system().produce(async (producer) => {
    const messages = [{ partition, key, value: JSON.stringify(checkout), headers }]
    await producer.send({ topic: system().topics.data, messages })
  })

async function timelineOf(eventId: string, gateway = 0): Promise<Timeline> {
  const response = await fetch(`${system().gateways[gateway]?.url}/checkouts/${eventId}/timeline`, {
    headers: { prefer: 'wait=20' },
  })
  expect(response.status).toBe(200)
  return (await response.json()) as Timeline
}

/** Without deliveries: these tests read outcomes, too. */
const codes = ({ steps }: Timeline) =>
  steps.map(({ what }) => what).filter((what) => what !== 'streamed' && what !== 'read')
const step = <What extends Timeline['steps'][number]['what']>({ steps }: Timeline, what: What) =>
  steps.find((each): each is Extract<typeof each, { what: What }> => each.what === what)
const headerOf = ({ headers }: TopicRecord, name: string) =>
  new RegExp(`(?:^|,)${name}:([^,]*)`).exec(headers)?.[1]
/** The records about a customer, and all claims, by Kafka's own consumer. */
async function recordsOf(customer: string) {
  const { brokers, topics } = system()
  const [data = [], notifications = [], deadLetters = []] = await Promise.all(
    [topics.data, topics.notifications, topics.deadLetter].map((topic) => readTopic(brokers, topic)),
  )
  const byOffset = (records: TopicRecord[]) =>
    records.filter(({ value }) => value.includes(customer)).toSorted((a, b) => a.offset - b.offset)
  return {
    data: byOffset(data),
    outcomes: byOffset(notifications),
    deadLetters: byOffset(deadLetters),
    /** The member that claimed the partition before an outcome. */
    ownerOf({ partition, offset }: TopicRecord) {
      const claim = notifications
        .filter((record) => record.partition === partition && record.offset < offset)
        .filter((record) => headerOf(record, 'claim') !== undefined)
        .toSorted((a, b) => b.offset - a.offset)[0]
      return claim && { process: headerOf(claim, 'member'), run: headerOf(claim, 'claim') }
    },
  }
}
const placeIn = (topic: string, { partition, offset }: TopicRecord) => ({ topic, partition, offset })
const timeOf = ({ timestamp }: TopicRecord) => new Date(timestamp).toISOString()

test('a purchase that was corrected, sent again to another gateway, and once more with another body', async () => {
  const { topics } = system()
  const checkout = checkoutOf('quick', 4_001)
  const key = { 'idempotency-key': 'timeline-1' }
  const sloppy = { ...checkout, nombre: ` ${checkout.nombre} `, canal: 'web' }
  const { eventId, requestId } = await post(0, sloppy, { ...key, 'x-request-id': 'proxy:77' })
  expect(requestId).toBe('proxy:77')
  const { partition = -1 } = step(await timelineOf(eventId), 'stored')?.where ?? {}
  const again = await post(1, checkout, key)
  // The windows of both gateways know the key now, and reject another body.
  const other = { ...checkout, folio: 'ZZZ-9999' }
  await writeDirectly(partition, checkout.id, other, { 'event-id': eventId })

  const timeline = await vi.waitFor(async () => {
    const found = await timelineOf(eventId)
    expect(codes(found)).toContain('conflict')
    return found
  }, SOON)
  const { data, outcomes, deadLetters, ownerOf } = await recordsOf(checkout.id)
  const [stored, repeated, conflict] = data as [TopicRecord, TopicRecord, TopicRecord]
  const outcome = outcomes[0]!
  const owner = ownerOf(outcome)
  expect(owner?.process).toMatch(/^processor-[12]$/)

  const received = { at: headerOf(stored, 'received-at'), where: { process: 'gateway-1' } }
  // The second processor may join, and claim the partition, just now.
  const steps = timeline.steps.filter(({ what }) => what !== 'claimed')
  expect({ ...timeline, steps }).toEqual({
    eventId,
    status: 'classified',
    outcome: JSON.parse(outcome.value),
    steps: [
      { what: 'received', ...received, requestId: 'proxy:77' },
      { what: 'corrected', ...received, corrections: [{ pointer: '/nombre', correction: 'trimmed' }] },
      { what: 'warned', ...received, warnings: [{ pointer: '/canal', code: 'unknown_field' }] },
      { what: 'stored', at: timeOf(stored), where: placeIn(topics.data, stored) },
      {
        what: 'classified',
        at: timeline.outcome?.classifiedAt,
        where: { process: owner?.process, ...placeIn(topics.notifications, outcome) },
        kind: 'quick',
        run: owner?.run,
      },
      {
        what: 'repeated',
        at: headerOf(repeated, 'received-at'),
        where: { process: 'gateway-2', ...placeIn(topics.data, repeated) },
        requestId: again.requestId,
      },
      {
        what: 'conflict',
        at: timeOf(conflict),
        where: placeIn(topics.data, conflict),
        eventId: `${eventId}-conflict-${conflict.offset}`,
      },
    ],
    searched: { partition, from: stored.offset, to: conflict.offset + 1, end: true },
    deliveriesSince: { customers: expect.any(String), readers: expect.any(String) },
    incomplete: [],
  })

  const letter = deadLetters[0]!
  const ofConflict = await timelineOf(`${eventId}-conflict-${conflict.offset}`)
  expect(codes(ofConflict)).toEqual(['received', 'stored', 'classified', 'dead-letter'])
  expect(step(ofConflict, 'dead-letter')).toMatchObject({
    reason: headerOf(letter, 'reason'),
    conflictsWith: eventId,
    where: { topic: topics.deadLetter, partition: letter.partition },
  })
  expect(ofConflict.incomplete).toEqual([])
}, 90_000)

test('records of another program: valid, sent twice, unverified, and invalid', async () => {
  const { topics } = system()
  const [valid, unverified] = [checkoutOf('quick', 4_002), { ...checkoutOf('quick', 4_003), taps: null }]
  await writeDirectly(0, null, valid)
  await writeDirectly(0, null, valid)
  await writeDirectly(0, null, unverified)
  await writeDirectly(0, null, { id: valid.id, edad: 'secret' })
  const idOf = async (match: (outcome: Outcome) => boolean) => {
    const query = 'kind=quick,unverified,invalid&limit=1000'
    const response = await fetch(`${system().gateways[0]?.url}/notifications?${query}`)
    const { items } = (await response.json()) as { items: Outcome[] }
    const found = items.find((outcome) => outcome.source.partition === 0 && match(outcome))
    if (!found) throw new Error('not classified yet')
    return found.eventId
  }
  const invalidId = await vi.waitFor(() => idOf(({ eventId }) => /-p0-o\d+$/.test(eventId)), SOON)

  const ofValid = await timelineOf(await idOf(({ checkout }) => checkout?.id === valid.id))
  // It may have been stored again before it was classified.
  expect(codes(ofValid).toSorted()).toEqual(['classified', 'repeated', 'stored'])
  expect(step(ofValid, 'stored')?.directly).toBe(true)
  const { offset = -1 } = step(ofValid, 'stored')?.where ?? {}
  expect(step(ofValid, 'repeated')?.where).toEqual({ topic: topics.data, partition: 0, offset: offset + 1 })

  const ofUnverified = await timelineOf(await idOf(({ checkout }) => checkout?.id === unverified.id))
  expect(step(ofUnverified, 'classified')?.kind).toBe('unverified')

  const ofInvalid = await timelineOf(invalidId)
  expect(codes(ofInvalid)).toEqual(['stored', 'classified', 'dead-letter'])
  expect(step(ofInvalid, 'dead-letter')?.reason).toMatch(/^invalid checkout: .*\/edad/)
  expect(JSON.stringify(ofInvalid)).not.toContain('secret')
})

test('an unknown event is not found', async () => {
  const response = await fetch(`${system().gateways[0]?.url}/checkouts/nothing/timeline`)
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ type: 'urn:problem-type:checkout:unknown-event' })
})

test('the member is right for outcomes before and after its owner was killed; retention is named', async () => {
  const customer = checkoutOf('quick', 4_004)
  const before = await post(0, customer)
  const killed = step(await timelineOf(before.eventId), 'classified')?.where.process
  const owner = system().processors[killed === 'processor-1' ? 0 : 1]
  const successor = killed === 'processor-1' ? 'processor-2' : 'processor-1'
  await owner?.child.kill('SIGKILL')
  const after = await post(0, { ...customer, folio: 'ZZZ-0001' })

  const timeline = await timelineOf(after.eventId)
  expect(codes(timeline)).toEqual(['received', 'stored', 'claimed', 'classified'])
  expect(step(timeline, 'claimed')?.where.process).toBe(successor)
  expect(step(timeline, 'classified')?.where.process).toBe(successor)
  expect(step(await timelineOf(before.eventId), 'classified')?.where.process).toBe(killed)

  const { partition = -1, offset = -1 } = step(timeline, 'stored')?.where ?? {}
  const admin = system().kafka.admin()
  await admin.connect()
  // Its leaders are known only then.
  await admin.fetchTopicOffsets(system().topics.data)
  const partitions = [{ partition, offset: String(offset) }]
  await admin.deleteTopicRecords({ topic: system().topics.data, partitions })
  await admin.disconnect()
  const ofKilled = {
    reason: 'processor-silent',
    what: ['streamed', 'read'],
    detail: expect.stringContaining(owner?.url ?? ''),
  }
  const removed = await timelineOf(before.eventId)
  expect(codes(removed)).toEqual(['received', 'stored', 'classified'])
  expect(step(removed, 'classified')?.where.process).toBe(killed)
  expect(removed.incomplete).toEqual([
    {
      reason: 'record-removed',
      what: ['received', 'corrected', 'warned', 'stored', 'repeated', 'conflict'],
      detail: 'Retention has removed the record',
    },
    ofKilled,
  ])
  expect((await timelineOf(after.eventId)).incomplete).toEqual([ofKilled])
})
