import type { Browser, Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Outcome } from '../backbone/records/outcome.ts'
import { homePartition, laneOf } from '../backbone/records/partition.ts'
import { launchBrowser } from './browser.ts'
import { checkoutOf } from './checkouts.ts'
import { violationsOf } from './inspect-page.ts'
import { useSystem } from './use-system.ts'

const PARTITIONS = 6
const system = useSystem({ processors: 2, gateways: 1 })
const gateway = () => system().gateways[0]?.url ?? ''

type Found = { items: Outcome[]; next?: string }

async function found(query: string): Promise<Found> {
  const response = await fetch(`${gateway()}/checkouts?${query}`)
  expect(response.status).toBe(200)
  return (await response.json()) as Found
}
const ids = ({ items }: Found) => items.map(({ eventId }) => eventId)

/** Sends a checkout, and waits for its outcome at every processor. */
async function send(checkout: object, key?: string): Promise<string> {
  const response = await fetch(`${gateway()}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
    body: JSON.stringify(checkout),
  })
  expect(response.status).toBe(202)
  const { eventId } = (await response.json()) as { eventId: string }
  await followed(eventId)
  return eventId
}

async function followed(eventId: string): Promise<void> {
  for (const { url } of system().processors) {
    const response = await fetch(`${url}/checkout/${eventId}`, { headers: { prefer: 'wait=30' } })
    expect(response.status).toBe(200)
  }
}

/** A record of another program in the partition of the customer, after which `offset` is known. */
async function produce(checkout: ReturnType<typeof checkoutOf>, partition: number, eventId?: string) {
  let offset = 0
  await system().produce(async (producer) => {
    const [written] = await producer.send({
      topic: system().topics.data,
      messages: [
        {
          key: checkout.id,
          value: JSON.stringify(checkout),
          partition,
          ...(eventId === undefined ? {} : { headers: { 'event-id': eventId } }),
        },
      ],
    })
    offset = Number(written?.baseOffset)
  })
  return offset
}

const homeOf = (checkout: ReturnType<typeof checkoutOf>) =>
  homePartition(checkout.id, laneOf(checkout), PARTITIONS)

describe('GET /checkouts', () => {
  test('finds a purchase by event id, folio, customer, key and product, at every processor', async () => {
    const product = 'Cafetera «Ñandú»'
    const checkout = { ...checkoutOf('quick', 1), folio: 'FND-0001', productovisto: product }
    const eventId = await send(checkout, 'order-1')
    const queries: Record<string, string>[] = [
      { eventId },
      { folio: 'fnd-0001' },
      { customer: checkout.id },
      { idempotencyKey: 'order-1', customer: checkout.id },
      { product },
    ]
    for (const query of queries.map((given) => new URLSearchParams(given).toString())) {
      expect(ids(await found(query))).toEqual([eventId])
      for (const { url } of system().processors) {
        const { items } = (await (await fetch(`${url}/checkouts?${query}`)).json()) as Found
        expect(items).toMatchObject([{ eventId, checkout }])
      }
    }
  })

  test('finds the conflict of an event, and the same body outside the home partition', async () => {
    const first = { ...checkoutOf('quick', 2), folio: 'FND-0002' }
    const eventId = await send(first)
    const offset = await produce({ ...first, folio: 'FND-0003' }, homeOf(first), eventId)
    await followed(`${eventId}-conflict-${offset}`)
    const away = (homeOf(first) + 1) % PARTITIONS
    await produce(first, away)
    await followed(`${eventId}-p${away}`)
    expect(ids(await found(`eventId=${eventId}`)).toSorted()).toEqual(
      [eventId, `${eventId}-conflict-${offset}`, `${eventId}-p${away}`].toSorted(),
    )
    expect(ids(await found('folio=FND-0003'))).toEqual([])
  })

  test('pages through both processors, newest first, while more arrive', async () => {
    const sent: string[] = []
    const marked = (number: number) => ({ ...checkoutOf('quick', number), productovisto: 'Silla de paginar' })
    for (let number = 0; number < 20; number++) sent.push(await send(marked(number)))
    const seen: string[] = []
    let cursor = ''
    for (;;) {
      const page = await found(`product=Silla+de+paginar&limit=3${cursor}`)
      seen.push(...ids(page))
      if (page.next === undefined) break
      cursor = `&cursor=${page.next}`
      await send(marked(100 + seen.length))
    }
    expect(seen).toEqual(sent.toReversed())
  })
})

describe('the view', () => {
  let browser: Browser
  const pages: Page[] = []
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterEach(() => Promise.all(pages.splice(0).map((page) => page.close())))
  afterAll(() => browser.close())

  async function open({ width = 1_400, scheme = 'light', language = 'en', at = '' } = {}) {
    const page = await browser.newPage()
    pages.push(page)
    const complaints: string[] = []
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.setExtraHTTPHeaders({ 'accept-language': language })
    await page.setViewport({ width, height: 900 })
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    await page.goto(`${gateway()}/console/checkouts${at}`, { waitUntil: 'networkidle0' })
    return { page, complaints }
  }
  const statusOf = (page: Page) => page.$eval('#status', (line) => line.textContent)
  const rowsOf = (page: Page): Promise<string[]> =>
    page.$$eval('#results tbody tr', (rows) =>
      rows.map((row) => [...row.querySelectorAll('a')].map((link) => link.getAttribute('href'))[0] ?? ''),
    )
  const showsStatus = (page: Page, text: string) =>
    expect.poll(() => statusOf(page), { timeout: 10_000 }).toBe(text)

  async function search(page: Page, text: string) {
    await page.$eval('#search-text', (input) => {
      ;(input as { value?: string }).value = ''
    })
    await page.type('#search-text', text)
    await page.keyboard.press('Enter')
  }

  test('finds by all that the box takes, and by keyboard alone', async () => {
    const checkout = { ...checkoutOf('slow', 3), folio: 'VIW-0001', productovisto: 'Mesa de la vista' }
    const eventId = await send(checkout, 'view-1')
    const { page, complaints } = await open()
    for (const [text, status] of [
      [eventId, `event ${eventId}`],
      ['viw-0001', 'folio VIW-0001'],
      [checkout.id.toUpperCase(), `customer ${checkout.id}`],
      [`"view-1" ${checkout.id}`, `idempotency key view-1, customer ${checkout.id}`],
      ['Mesa de la vista', 'product “Mesa de la vista”'],
    ] as const) {
      await search(page, text)
      await showsStatus(page, `1 outcome of ${status}.`)
      expect(await rowsOf(page)).toEqual([`/console/checkouts/${eventId}`])
    }
    // The address can be shared; what it names is not sent to any server.
    expect(page.url()).toBe(`${gateway()}/console/checkouts#text=Mesa+de+la+vista`)
    await page.goBack()
    await showsStatus(page, `1 outcome of idempotency key view-1, customer ${checkout.id}.`)
    const shared = await open({ at: '#text=VIW-0001&kind=slow' })
    expect(await rowsOf(shared.page)).toEqual([`/console/checkouts/${eventId}`])
    expect(complaints).toEqual([])
  })

  test('says what is kept when nothing is found, and what is wrong with a period', async () => {
    await send(checkoutOf('quick', 4))
    const { page } = await open({ at: '#text=NOT-0000' })
    expect(await statusOf(page)).toMatch(/^Nothing found for folio NOT-0000\. Outcomes are kept since .+\.$/)
    expect(await page.$eval('#results', (results) => results.textContent)).toBe('')
    // A key alone looks like an event id: without a word about it, the purchase would seem lost.
    const key = await open({ at: '#text=order-1' })
    expect(await statusOf(key.page)).toMatch(
      /^Nothing found for event order-1\. If this is an idempotency key, add the customer id\. Outcomes/,
    )
    const wrong = await open({ at: '#since=2026-11-26T10:00&until=2026-11-26T09:00' })
    expect(await statusOf(wrong.page)).toBe('“From” must be before “Before”.')
  })

  test('shows older outcomes on demand, each once', async () => {
    const sent: string[] = []
    const product = 'Lámpara de más páginas'
    const batch = Array.from({ length: 60 }, (_, number) => ({
      ...checkoutOf('quick', number),
      productovisto: product,
    }))
    const response = await fetch(`${gateway()}/checkout/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    })
    const { results } = (await response.json()) as { results: { accepted: { eventId: string } }[] }
    sent.push(...results.map(({ accepted }) => accepted.eventId))
    for (const eventId of sent) await followed(eventId)
    const { page } = await open({ at: `#text=${encodeURIComponent(product)}` })
    expect(await rowsOf(page)).toHaveLength(50)
    await page.click('#older')
    await showsStatus(page, `60 outcomes of product “${product}”.`)
    expect((await rowsOf(page)).toSorted()).toEqual(sent.map((id) => `/console/checkouts/${id}`).toSorted())
    expect(await page.$eval('#older', (button) => (button as { hidden?: boolean }).hidden)).toBe(true)
  })

  describe.each(['light', 'dark'])('%s', (scheme) => {
    test.each([
      [380, 'es'],
      [1_400, 'en'],
    ])('at %i px in %s, fits and is accessible', async (width, language) => {
      await send(checkoutOf('quick', 5))
      const { page, complaints } = await open({ width, scheme, language })
      expect((await rowsOf(page)).length).toBeGreaterThan(0)
      expect(await violationsOf(page)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      expect(complaints).toEqual([])
    })
  })
})
