import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createTestRandom } from '../processor/testing/random.ts'
import { useBrowser } from './browser-pages.ts'
import { checkoutOf, recordOf } from './checkouts.ts'
import { textOf } from './inspect-page.ts'
import { readTopic } from './read-topic.ts'
import { seedHistory } from './seed-history.ts'
import { useSystem } from './use-system.ts'

const SOON = { timeout: 40_000, interval: 200 }
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const PARTITIONS = 6

const system = useSystem({ gateways: 1, processors: 2 })
const { openPage } = useBrowser()
const random = createTestRandom()

/** Sums by `<partition>/<hour>`, column and minute; without those that are 0. */
type Sums = Record<string, Record<string, Record<number, number>>>
const sent: Sums = {}

function expectOne(partition: number, kind: string, receivedAt: number) {
  const hour = `${system().topics.data}/${partition}/${new Date(receivedAt).toISOString().slice(0, 13)}`
  const column = kind === 'slow' ? 'slow' : kind === 'none' ? 'visits' : 'otherPurchases'
  const byMinute = ((sent[hour] ??= {})[column] ??= {})
  const minute = Math.floor(receivedAt / MINUTE_MS) % 60
  byMinute[minute] = (byMinute[minute] ?? 0) + 1
}

/** Checkouts of the last hours, some of them twice. */
async function sendSome(count: number): Promise<void> {
  const records = Array.from({ length: count }, (_, number) => {
    const kind = random.oneOf('quick', 'slow', 'none', 'unverified')
    const receivedAt = Date.now() - random.below(3 * HOUR_MS)
    const record = recordOf(checkoutOf(kind, number), PARTITIONS)
    expectOne(record.partition ?? 0, kind, receivedAt)
    return { ...record, headers: { ...record.headers, 'received-at': new Date(receivedAt).toISOString() } }
  })
  const repeated = records.filter(() => random.chance(0.1))
  await system().produce(async (producer) => {
    await producer.send({ topic: system().topics.data, messages: [...records, ...repeated] })
  })
  const { url } = system().gateways[0]!
  for (const { eventId } of records)
    await vi.waitFor(async () => expect((await fetch(`${url}/checkout/${eventId}`)).status).toBe(200), SOON)
}

/** The last record of each hour that the topic has. */
async function written(): Promise<Sums> {
  const sums: Sums = {}
  for (const { key, value } of await readTopic(system().brokers, system().topics.history)) {
    // Those of the partitions that have an owner.
    if (!/\/[0-5]\/[^/]+$/.test(key)) continue
    const { sums: columns } = JSON.parse(value) as { sums: Record<string, number[]> }
    const { lagMs: _, longestLagMs: __, watched: ___, ...counts } = columns
    const hour: Sums[string] = {}
    for (const [column, values] of Object.entries(counts)) {
      const filled = values.entries().filter(([, count]) => count > 0)
      hour[column] = Object.fromEntries(filled)
    }
    if (Object.keys(hour).length > 0) sums[key] = hour
  }
  return sums
}

interface Forecast {
  known: boolean
  minutes: { at: string; purchase: { median: number } }[]
  calendar: { id: string; name: string }[]
}
const forecastAt = async (url: string) => (await (await fetch(`${url}/forecast`)).json()) as Forecast

test('the next hour is forecast from the topic; a calendar event shifts it at every processor', async () => {
  const [gateway] = system().gateways
  const urls = system().processors.map(({ url }) => url)
  await vi.waitFor(async () => expect(await forecastAt(urls[0]!)).toMatchObject({ known: false }), SOON)
  await seedHistory(system(), { partition: PARTITIONS, random })
  const from = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + 10 * MINUTE_MS
  const [start, end] = [from, from + HOUR_MS].map((at) => new Date(at).toISOString())
  const added = await fetch(`${gateway!.url}/forecast/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'CyberDay', times: 12, from: start, until: end }),
  })
  expect(added.status).toBe(201)
  const { id } = (await added.json()) as { id: string }
  for (const url of urls)
    await vi.waitFor(async () => {
      const { known, minutes, calendar } = await forecastAt(url)
      expect(calendar.map(({ name }) => name)).toEqual(['CyberDay'])
      expect(known).toBe(true)
      const meanOf = (isDuring: boolean) => {
        const of = minutes.filter(({ at }) => Date.parse(at) >= from === isDuring)
        return of.reduce((sum, { purchase }) => sum + purchase.median, 0) / of.length
      }
      // The season changes by less than a third within an hour.
      expect(meanOf(true) / meanOf(false)).toBeGreaterThan(8)
      expect(meanOf(true) / meanOf(false)).toBeLessThan(16)
    }, SOON)
  const metrics = await (await fetch(`${urls[0]}/metrics`)).text()
  expect(metrics).toMatch(/checkout_expected_checkouts_per_second\{lane="purchase",bound="median"\} [\d.]+/)
  expect(metrics).not.toMatch(/^checkout_capacity_checkouts_per_second/m)
  expect((await fetch(`${gateway!.url}/forecast/events/${id}`, { method: 'DELETE' })).status).toBe(204)
  await vi.waitFor(async () => expect((await forecastAt(urls[1]!)).calendar).toEqual([]), SOON)
}, 120_000)

// The history is that of the test before.
test('an event that is added on the operations page shifts the forecast, until it is removed there', async () => {
  const page = await openPage(`${system().gateways[0]!.url}/console/forecast`)
  page.on('dialog', (dialog) => void dialog.accept())
  const peak = async () => Number.parseFloat((await textOf(page, '.figures-list dd')).replaceAll(',', ''))
  await vi.waitFor(async () => expect(await peak()).toBeGreaterThan(0), SOON)
  const usual = await peak()
  const submit = (fields: Record<string, string>) =>
    page.evaluate(`
      for (const [id, value] of Object.entries(${JSON.stringify(fields)})) document.getElementById(id).value = value
      document.querySelector('#event button').click()`)

  await submit({ name: 'CyberDay', times: '5000' })
  await vi.waitFor(
    async () => expect(await textOf(page, '#times-fault')).toContain('from 0.01 to 1000'),
    SOON,
  )
  expect(await textOf(page, '#from-fault')).not.toBe('')
  expect(await textOf(page, '#name-fault')).toBe('')

  // In the zone of the browser, as its fields are.
  const [from, until] = (await page.evaluate(`[0, 2].map((hours) => {
    const at = new Date(Date.now() + hours * 3600000)
    return new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16)
  })`)) as string[]
  await submit({ from: from!, until: until!, times: '12' })
  await vi.waitFor(async () => expect(await textOf(page, '#calendar tbody th')).toBe('CyberDay'), SOON)
  await vi.waitFor(async () => expect((await peak()) / usual).toBeGreaterThan(8), SOON)
  await page.click('#calendar button')
  await vi.waitFor(async () => expect(await textOf(page, '#calendar tbody')).toBe('None.'), SOON)
  await vi.waitFor(async () => expect((await peak()) / usual).toBeLessThan(2), SOON)
}, 120_000)

test('the sums are those of what was sent, once each, whatever happens to the processors', async () => {
  await sendSome(150)
  const [first, second] = system().processors
  await first!.child.kill('SIGKILL')
  rmSync(join(system().folder, 'processor-1'), { recursive: true })
  await sendSome(150)
  first!.child.start()
  await first!.ready()
  await second!.child.kill('SIGTERM')
  await sendSome(150)
  await first!.child.kill('SIGTERM')
  expect(await written()).toEqual(sent)
}, 120_000)
