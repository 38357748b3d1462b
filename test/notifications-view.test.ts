import { parse } from 'csv-parse/sync'
import type { Page } from 'puppeteer-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { ClassifiedKind, Outcome } from '../backbone/records/outcome.ts'
import { startApp } from '../gateway/testing/app.ts'
import { checkoutOf, recordOf } from './checkouts.ts'
import { faultsOf, useViews } from './open-view.ts'
import { useSystem } from './use-system.ts'

const PARTITIONS = 6
const ROW = '#list tbody tr'
const started = useSystem({ processors: 1, gateways: 1 })
const { open } = useViews()
const gatewayUrl = () => started().gateways[0]?.url ?? ''
const customer = 'c'.repeat(24)
let existing: string[]

interface Given {
  kind?: ClassifiedKind
  id?: string
  productovisto?: string
}

/** Writes checkouts, and resolves with their event ids when the last one has its outcome. */
async function produce(given: Given[]): Promise<string[]> {
  const records = given.map(({ kind = 'quick', ...fields }, i) =>
    recordOf({ ...checkoutOf(kind, i), ...fields }, PARTITIONS),
  )
  await started().produce((producer) =>
    producer.send({ topic: started().topics.data, messages: records }).then(() => undefined),
  )
  for (const { eventId } of records.slice(-20))
    await fetch(`${gatewayUrl()}/checkout/${eventId}`, { headers: { prefer: 'wait=30' } })
  return records.map(({ eventId }) => eventId)
}

/** The first page also waits for the build of the script. */
const soon = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 20_000, interval: 50 })

const shownIds = (page: Page) =>
  page.$$eval(ROW, (rows) => rows.map((row) => row.getAttribute('data-event') ?? ''))
const textOf = (page: Page, selector: string) => page.$eval(selector, ({ textContent }) => textContent)
const isLive = (page: Page) => soon(async () => expect(await textOf(page, '#live')).toContain('Live: '))

async function openList(fragment = '', options: Parameters<typeof open>[1] = {}) {
  const opened = await open(`${gatewayUrl()}/console/notifications${fragment}`, options)
  await opened.page.waitForSelector('#export-csv[href]')
  return opened
}

beforeAll(async () => {
  existing = []
  for (const given of [
    {},
    { kind: 'slow' },
    { kind: 'none' },
    { id: customer, productovisto: 'Lámpara' },
  ] as const)
    existing.push(...(await produce([given])))
})

test('shows the newest first, and what arrives, without a reload', async () => {
  const { page } = await openList()
  const [quick, slow, , own] = existing
  await soon(async () => expect(await shownIds(page)).toEqual([own, slow, quick]))
  expect(await page.$eval(`${ROW}[data-event="${slow}"]`, ({ innerText }) => innerText)).toContain(
    'Slow purchase',
  )
  await isLive(page)
  const [next] = await produce([{}])
  await page.waitForSelector(`${ROW}[data-event="${next}"]`)
  expect((await shownIds(page))[0]).toBe(next)
  await page.waitForFunction("document.querySelector('#live').textContent.includes('Live: 1 ')")
  expect(await page.$eval(`${ROW} a`, (link) => link.getAttribute('href'))).toBe(`/console/checkouts/${next}`)
  existing.push(next ?? '')
})

test('shows only what matches the filter, which is in the address, and exports just that', async () => {
  const { page } = await openList()
  await page.waitForSelector(ROW)
  await page.type('#customer', customer)
  await page.click('#filter button[type=submit]')
  await soon(async () => expect(await shownIds(page)).toEqual([existing[3]]))
  expect(page.url()).toContain(`#customer=${customer}`)
  const [, own] = await produce([{}, { id: customer, kind: 'slow' }])
  await page.waitForSelector(`${ROW}[data-event="${own}"]`)
  expect(await shownIds(page)).toEqual([own, existing[3]])

  const [csv, ndjson] = await Promise.all(
    ['csv', 'ndjson'].map(async (format) => {
      const href = await page.$eval(`#export-${format}`, (link) => link.getAttribute('href'))
      return (await fetch(gatewayUrl() + String(href))).text()
    }),
  )
  const rows: Record<string, string>[] = parse(csv ?? '', { bom: true, columns: true })
  expect(rows.map(({ eventId }) => eventId)).toEqual([existing[3], own])
  const lines = ndjson?.trim().split('\n') ?? []
  expect(lines.map((line) => (JSON.parse(line) as Outcome).eventId)).toEqual([existing[3], own])
  existing.push(own ?? '')
})

test('kinds can be chosen, and a period that ends before it begins is a fault', async () => {
  const { page } = await openList('#kind=none')
  await soon(async () => expect(await shownIds(page)).toEqual([existing[2]]))
  await page.goto(`${gatewayUrl()}/console/notifications#since=2026-11-29T10:00&until=2026-11-29T09:00`)
  await page.reload()
  await page.waitForSelector('#status[data-level=bad]')
  expect(await textOf(page, '#status')).toBe('“From” must be before “Before”.')
})

test('paused, it counts what arrives, and shows it when it is resumed', async () => {
  const { page } = await openList()
  await isLive(page)
  const before = await shownIds(page)
  await page.click('#pause')
  const ids = await produce([{}, {}])
  await page.waitForFunction("document.querySelector('#live').textContent === 'Paused: 2 new'")
  expect(await shownIds(page)).toEqual(before)
  await page.click('#pause')
  await soon(async () => expect(new Set((await shownIds(page)).slice(0, 2))).toEqual(new Set(ids)))
})

test('5,000 at once leave the newest 500, and are drawn in batches', async () => {
  const { page } = await openList('#kind=quick,slow,none')
  await isLive(page)
  await page.evaluate(`
    window.drawings = 0
    new MutationObserver(() => window.drawings++).observe(document.querySelector('#list'), { childList: true, subtree: true })
  `)
  await produce(Array.from({ length: 5_000 }, () => ({})))
  await page.waitForFunction("document.querySelector('#live').textContent.includes('5,000')", {
    timeout: 20_000,
  })
  await soon(async () => expect(await shownIds(page)).toHaveLength(500))
  // Each arrives in a task of its own: without batches there would be one for each.
  expect(await page.evaluate('window.drawings')).toBeLessThan(250)
}, 60_000)

test('outcomes that are no longer kept are reported', async () => {
  const gateway = startApp()
  gateway.results.mockImplementation(async ({ url }) => {
    if (!url.includes('/stream')) return Response.json({ items: [], newer: 'AQYC' })
    const frames = 'event: gap\ndata: {"partitions":[{"partition":3,"from":3,"to":6}]}\nid: AQYD\n\n'
    return new Response(frames, { headers: { 'content-type': 'text/event-stream' } })
  })
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request) => gateway.app.fetch(request, {}),
  })
  const { page } = await open(`http://127.0.0.1:${server.port}/console/notifications`)
  await page.waitForSelector('#gap:not([hidden])')
  expect(await textOf(page, '#gap')).toContain('Some notifications are missing')
  expect(gateway.results.mock.calls.map(([{ url }]) => url).find((url) => url.includes('/stream'))).toContain(
    'cursor=AQYC',
  )
  await page.close()
  await server.stop(true)
})

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  test.each([380, 1_400])('at %i px it is accessible, and nothing is blocked', async (width) => {
    const language = scheme === 'dark' ? 'es' : 'en'
    const { page, complaints } = await openList('#kind=slow', { width, scheme, language })
    await page.waitForSelector(ROW)
    expect(await faultsOf(page)).toEqual([])
    expect(complaints).toEqual([])
  })
})
