import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import type { Outcome } from '../backbone/records/outcome.ts'
import { checkoutOf, lastOfEachPartition, recordOf } from './checkouts.ts'
import { useSystem } from './use-system.ts'

const PARTITIONS = 6
const started = useSystem({ processors: 2, gateways: 1 })
const gatewayUrl = () => started().gateways[0]?.url ?? ''
const exported = (query: string, init?: RequestInit) =>
  fetch(`${gatewayUrl()}/notifications/export?${query}`, init)

/** Resolves with the event ids once both processors have the outcomes. */
async function produce(count: number, productovisto: string): Promise<string[]> {
  const records = Array.from({ length: count }, (_, i) =>
    recordOf({ ...checkoutOf(i % 4 === 3 ? 'slow' : 'quick', i), productovisto }, PARTITIONS),
  )
  await started().produce(async (producer) => {
    for (let i = 0; i < count; i += 20)
      await producer.send({ topic: started().topics.data, messages: records.slice(i, i + 20) })
  })
  for (const { url } of started().processors)
    for (const { eventId } of lastOfEachPartition(records)) {
      const response = await fetch(`${url}/checkout/${eventId}`, { headers: { prefer: 'wait=30' } })
      expect(response.status).toBe(200)
    }
  return records.map(({ eventId }) => eventId)
}

test('every outcome is in the file once, in both formats', async () => {
  const ids = await produce(300, 'Colchón; =1+1, "grande"')
  const [ndjson, csv] = await Promise.all(
    ['kind=quick,slow', 'kind=quick,slow&format=csv'].map(async (query) => (await exported(query)).text()),
  )
  const outcomes = ndjson
    ?.split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Outcome)
  const rows: Record<string, string>[] = parse(csv ?? '', { bom: true, columns: true })
  expect(outcomes?.map(({ eventId }) => eventId).toSorted()).toEqual(ids.toSorted())
  expect(rows.map(({ eventId = '' }) => eventId).toSorted()).toEqual(ids.toSorted())
  expect(new Set(rows.map(({ productovisto }) => productovisto))).toEqual(
    new Set([`Colchón;' =1+1, "grande"`]),
  )
})

test('HEAD has the headers of the file', async () => {
  const { status, headers } = await exported('format=csv', { method: 'HEAD' })
  expect([status, headers.get('content-type'), headers.get('content-disposition')]).toEqual([
    200,
    'text/csv; charset=utf-8; header=present',
    expect.stringMatching(/^attachment; filename="notifications-\d{4}-\d\d-\d\d\.csv"$/),
  ])
})

test('a processor that dies half-way breaks the file off', async () => {
  // More than the sockets on the way buffer.
  await produce(600, 'x'.repeat(40_000))
  const body = (await exported('')).body?.getReader()
  expect((await body?.read())?.done).toBe(false)
  await Promise.all(started().processors.map(({ child }) => child.kill('SIGKILL')))
  const rest = async () => {
    while ((await body?.read())?.done === false);
  }
  await expect(rest()).rejects.toThrow()
}, 60_000)
