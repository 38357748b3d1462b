import type { Page } from 'puppeteer-core'
import { describe, expect, test } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import type { Outcome } from '../backbone/records/outcome.ts'
import { faultsOf, useViews } from './open-view.ts'
import { useSystem } from './use-system.ts'

const started = useSystem({ processors: 1, gateways: 1, settings: { DEMO: 'true' } })
const { browser, open } = useViews()
const gatewayUrl = () => started().gateways[0]?.url ?? ''

async function enterShop(options: Parameters<typeof open>[1] = {}) {
  const { page, complaints } = await open(`${gatewayUrl()}/demo`, options)
  const customer = async () => (await textOf(page, '#customer-id')) ?? ''
  await page.waitForSelector('#customer-id:not(:empty)')
  expect(await customer()).toMatch(/^[0-9a-f]{24}$/)
  return { page, complaints, customer }
}

const textOf = (page: Page, selector: string) =>
  page.$eval(selector, (element) => element.textContent).catch(() => undefined)
const textsOf = (page: Page, selector: string) =>
  page.$$eval(selector, (elements) => elements.map(({ textContent }) => textContent))

/** Every outcome of a customer, of any kind. */
async function outcomesOf(customer: string): Promise<Outcome[]> {
  const query = `customer=${customer}&kind=none,quick,slow,unverified,invalid&from=earliest`
  const response = await fetch(`${gatewayUrl()}/notifications?${query}`)
  return ((await response.json()) as { items: Outcome[] }).items
}

async function press(page: Page, action: string) {
  await page.click(`#do-${action}`)
  await page.waitForSelector('#purchases li:first-child .state[data-level="done"]', { timeout: 20_000 })
}

describe.each([
  [
    'measured',
    'Classified: Quick purchase.',
    'te demoraste un tiempo corto',
    'by this tab: 1. Checkouts stored: 1.',
  ],
  [
    'quick',
    'Classified: Quick purchase.',
    'te demoraste un tiempo corto',
    'by this tab: 1. Checkouts stored: 1.',
  ],
  ['slow', 'Classified: Slow purchase.', 'no dudes en contactarnos', 'by this tab: 1. Checkouts stored: 1.'],
  [
    'twice',
    'Classified: Quick purchase.',
    'te demoraste un tiempo corto',
    'by this tab: 2. Checkouts stored: 1.',
  ],
  [
    'break',
    'Classified: Quick purchase.',
    'te demoraste un tiempo corto',
    'by this tab: 2. Checkouts stored: 1.',
  ],
  [
    'tabs',
    'Classified: Quick purchase.',
    'te demoraste un tiempo corto',
    'by this tab: 1. Checkouts stored: 1.',
  ],
])('%s', (action, state, message, figures) => {
  test('ends with one outcome, and the customer sees one message', async () => {
    const { page, customer } = await enterShop()
    const product = await textOf(page, '#product')
    await press(page, action)
    expect(await textOf(page, '#purchases .state')).toBe(state)
    expect(await textsOf(page, '#purchases li')).toEqual([expect.stringContaining(figures)])
    await page.waitForSelector('#messages li')

    if (action === 'tabs') {
      const second = (await browser().pages()).find((tab) => tab.url().endsWith('#second-tab'))
      await second?.waitForSelector('.state[data-level="done"]')
      expect(await textsOf(second as Page, '#messages li')).toHaveLength(1)
      await second?.close()
    }
    const [outcome, ...more] = await outcomesOf(await customer())
    expect(more).toEqual([])
    expect(outcome?.message).toContain(message)
    expect(outcome?.message).toContain(product)
    expect(await textsOf(page, '#messages li')).toEqual([outcome?.message])
    expect(await page.$eval('#purchases a', (link) => link.getAttribute('href'))).toBe(
      `/console/checkouts/${outcome?.eventId}`,
    )
  })
})

test('a visit ends with one outcome, and no message', async () => {
  const { page, customer } = await enterShop()
  await press(page, 'look')
  expect(await textOf(page, '#purchases .state')).toBe('Classified: Visit. No message.')
  expect(await outcomesOf(await customer())).toMatchObject([{ kind: 'none', message: null }])
  expect(await textsOf(page, '#messages li')).toEqual([])
})

test('what the customer does in the page is the path of the purchase, and the next path is its own', async () => {
  const { page, customer } = await enterShop()
  await page.click('#stage-carro')
  await page.click('#payment-error')
  expect(await page.$eval('#stage-pago', (button) => button.getAttribute('aria-pressed'))).toBe('true')
  await press(page, 'measured')
  expect(await textOf(page, '#purchases li')).toMatch(
    /catalogo [\d.]+ s → carro .* → pago [\d.]+ s, error 51 → pago/,
  )
  await press(page, 'measured')
  const paths = (await outcomesOf(await customer())).map(({ checkout }) => checkout?.recorrido)
  const segundos = expect.any(Number)
  expect(paths).toEqual([
    [
      { etapa: 'catalogo', segundos },
      { etapa: 'carro', segundos },
      { etapa: 'pago', segundos, error: '51' },
      { etapa: 'pago', segundos },
    ],
    [{ etapa: 'catalogo', segundos }],
  ])
})

test('another customer has another id and none of the messages', async () => {
  const { page, customer } = await enterShop()
  const first = await customer()
  await press(page, 'quick')
  await page.waitForSelector('#messages li')
  await page.click('#another')
  expect(await customer()).not.toBe(first)
  expect(await textsOf(page, '#messages li')).toEqual([])
  await press(page, 'slow')
  await page.waitForSelector('#messages li')
  expect(await outcomesOf(await customer())).toMatchObject([{ kind: 'slow' }])
})

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  test.each([380, 1_400])('at %i px it is accessible, and nothing is blocked', async (width) => {
    const { page, complaints } = await enterShop({ width, scheme, language: scheme === 'dark' ? 'es' : 'en' })
    await press(page, 'break')
    await press(page, 'slow')
    await page.waitForFunction("document.querySelectorAll('#messages li').length === 2")
    expect(await faultsOf(page)).toEqual([])
    expect(complaints).toEqual([])
  })
})

describe('with API keys', () => {
  const keys = createTestKeys()
  const customerKey = keys.mint('web', ['write', 'read'])
  const reader = keys.mint('web', ['read'])
  const guarded = useSystem({
    processors: 1,
    gateways: 1,
    settings: { DEMO: 'true', API_KEYS_FILE: keys.path },
  })

  test('a key with both scopes opens the shop, and its purchases are stored', async () => {
    const { page } = await open(`${guarded().gateways[0]?.url.replace('127.0.0.1', 'localhost')}/demo`)
    await page.type('#key', reader.bearer)
    await page.click('#log-in button')
    await page.waitForFunction(
      "document.querySelector('#log-in-fault').textContent.includes('lacks the scope')",
    )
    await page.click('#key', { count: 3 })
    await page.type('#key', customerKey.bearer)
    await page.click('#log-in button')
    await page.waitForSelector('#do-quick')
    await press(page, 'quick')
    await page.waitForSelector('#messages li')
    expect(await textOf(page, '#messages li')).toMatch(/^Estimad@ \*\*\*,/)
  })
})
