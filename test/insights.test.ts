import { expect, test, vi } from 'vitest'
import { slowPurchasesSchema } from '../backbone/insights/slow-purchases.ts'
import type { Outcome } from '../backbone/records/outcome.ts'
import type { Timeline } from '../backbone/timeline/timeline.ts'
import { checkoutOf } from './checkouts.ts'
import { textOf } from './inspect-page.ts'
import { faultsOf, useViews } from './open-view.ts'
import { useSystem } from './use-system.ts'

const system = useSystem({ gateways: 1, processors: 1 })
const { browser, open } = useViews()
const SOON = { timeout: 15_000 }
const products = ['Lámpara', 'Silla', 'Colchón']
const cities = ['Santiago', 'Ñuñoa', 'Temuco']
const PURCHASES = 360

/** Every second purchase of Ñuñoa meets error 51 and is slow; of the others, every tenth is slow. */
function purchase(number: number) {
  const ciudad = cities[number % 3]
  const isFailing = ciudad === 'Ñuñoa' && number % 2 === 0
  const isSlow = isFailing || number % 10 === 5
  const minutes = isSlow ? 41 : 12
  const checkout = checkoutOf(isSlow ? 'slow' : 'quick', number)
  return {
    ...checkout,
    ubicacion: { ...checkout.ubicacion, ciudad },
    productovisto: products[Math.floor(number / 3) % 3],
    taps: minutes,
    recorrido: [
      { etapa: 'catalogo', segundos: (isFailing ? 10 : minutes - 4) * 60 },
      { etapa: 'pago', segundos: (isFailing ? 31 : 4) * 60, ...(isFailing ? { error: '51' } : {}) },
    ],
  }
}

async function get(path: string) {
  const response = await fetch(`${system().gateways[0]?.url}${path}`)
  return { status: response.status, body: await response.json() }
}

test('payment errors in one city are named over HTTP, with examples that have a timeline', async () => {
  const response = await fetch(`${system().gateways[0]?.url}/checkout/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: Array.from({ length: PURCHASES }, (_, number) => JSON.stringify(purchase(number))).join('\n'),
  })
  expect(response.status).toBe(202)

  const answer = await vi.waitFor(
    async () => {
      // Equal questions share an answer for a while; another `since` makes it a new question.
      const since = new Date(Date.now() - 3_600_000).toISOString()
      const found = slowPurchasesSchema.parse((await get(`/insights/slow?since=${since}`)).body)
      expect(found.purchases.of).toBe(PURCHASES)
      return found
    },
    { timeout: 30_000, interval: 250 },
  )
  expect(answer.causes).toMatchObject([
    {
      traits: [
        { factor: 'city', value: 'Ñuñoa' },
        { factor: 'error', value: '51' },
      ],
      during: { of: 60, slow: 60 },
      stage: { stage: 'pago', minutes: 31, ofMinutes: 41 },
    },
  ])
  expect(answer.text.en).toMatch(/60 of \d+ slow ones had error 51\. Payment took 31 of 41 minutes there\./)
  expect(answer.text.es).toMatch(
    /60 de las \d+ lentas tuvieron el error 51\. Allí, el pago tomó 31 de 41 minutos\./,
  )

  const [example] = answer.causes[0]?.examples ?? []
  const { body } = await get(`/checkouts/${example}/timeline`)
  const { outcome, steps } = body as Timeline & { outcome: Outcome }
  expect(outcome).toMatchObject({ kind: 'slow', checkout: { ubicacion: { ciudad: 'Ñuñoa' } } })
  expect(steps.map(({ what }) => what)).toContain('classified')
  expect(await get('/insights/slow?city=Temuco')).toMatchObject({ status: 400 })
})

test('the page says it in words and figures, with links to examples', async () => {
  const { page, complaints } = await open(`${system().gateways[0]?.url}/console/insights`, { width: 380 })
  await page.waitForSelector('.insights tbody th')
  expect(await textOf(page, '.insights-words')).toMatch(/60 of \d+ slow ones had error 51\./)
  const rowOf = (section: number) => textOf(page, `.insights > :nth-child(${section}) tbody tr`)
  expect(await rowOf(2)).toMatch(/^City Ñuñoa, error 51may be usual: .*60 of 60100\.0 % \(94\.0–100\.0 %\)/)
  expect(await rowOf(2)).toContain('pago: 31 of 41 min')
  expect(await rowOf(3)).toMatch(/^pago31\.0 min4\.0 min\d+ %$/)
  expect(await textOf(page, '.insights > :nth-child(4)')).toContain('explained by city Ñuñoa, error 51')
  await expect.poll(() => faultsOf(page), SOON).toEqual([])
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
  await page.setViewport({ width: 1_400, height: 900 })
  await expect.poll(() => faultsOf(page), SOON).toEqual([])

  await page.select('#range', 'week')
  await expect.poll(() => textOf(page, '.insights-words'), SOON).toContain('were slow')
  expect(new URL(page.url()).hash).toBe('#range=week')

  const chooseOwn = (since: string, until: string) =>
    page.evaluate(`location.hash = '#range=own&since=${since}&until=${until}'`)
  await chooseOwn('2024-05-06T01:00', '2024-05-06T02:00')
  await expect.poll(() => textOf(page, '.insights-words'), SOON).toMatch(/^No purchases from .+\.$/)
  expect(await page.$('.insights caption:not([hidden] *)')).toBeNull()
  await chooseOwn('2024-05-06T02:00', '2024-05-06T01:00')
  await expect.poll(() => textOf(page, '#status'), SOON).toBe('“From” must be before “Before”.')
  expect(await textOf(page, '.insights')).toBe('')
  await page.select('#range', 'hour')
  await page.waitForSelector('.examples a')

  await Promise.all([page.waitForNavigation(), page.click('.examples a')])
  await expect.poll(() => textOf(page, '.checkout-data .slowest-stage'), SOON).toBe('slowest')
  expect(await textOf(page, '.checkout-data .bad')).toBe('51')
  expect(complaints).toEqual([])
})

test('the page asks again each minute, and says so when it got no newer figures', async () => {
  const page = await browser().newPage()
  // A minute of the page is short.
  await page.evaluateOnNewDocument(`{
    const wait = setTimeout
    globalThis.setTimeout = (run, ms) => wait(run, ms === 60_000 ? 100 : ms)
  }`)
  let asked = 0
  await page.setRequestInterception(true)
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/insights/slow') asked += 1
    void (asked < 3 ? request.continue() : request.abort())
  })
  await page.goto(`${system().gateways[0]?.url}/console/insights`)
  await expect.poll(() => textOf(page, '#status'), SOON).toContain('The figures below are older.')
  expect(await textOf(page, '.insights-words')).toContain('were slow')
})
