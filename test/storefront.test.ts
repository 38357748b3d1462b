import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { signToken } from '../backbone/access/signed-token.ts'
import { createTestKeys } from '../backbone/access/test-keys.ts'
import { ProblemError, problemResponse } from '../backbone/problem.ts'
import type * as Storefront from '../deploy/storefront/checkout.js'
import { startApp } from '../gateway/test-app.ts'
import { launchBrowser } from './browser.ts'
import { boughtQuickly, didNotBuy } from './sample-checkouts.ts'
import { startSystem, type TestSystem } from './test-system.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const storefront = readFileSync(`${root}deploy/storefront/checkout.js`, 'utf8')
const [, readmePage = ''] = /```html\n([^]*?)```/.exec(readFileSync(`${root}README.md`, 'utf8')) ?? []

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const stops: (() => unknown)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

/** The store's own web server. What it does not know it passes on to the gateway, when it is told where that is. */
function startShop(pages: Record<string, string>, gateway?: string) {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request) {
      const { pathname, search } = new URL(request.url)
      const page = pages[pathname]
      if (page === undefined && gateway !== undefined) return fetch(`${gateway}${pathname}${search}`, request)
      if (page === undefined) return new Response(null, { status: 404 })
      const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8'
      return new Response(page, { headers: { 'content-type': type } })
    },
  })
  stops.push(() => server.stop(true))
  return `http://127.0.0.1:${server.port}`
}

async function openPage(url: string): Promise<Page> {
  const page = await browser.newPage()
  stops.push(() => (page.isClosed() ? undefined : page.close()))
  await page.goto(url)
  return page
}

describe('deploy/storefront/checkout.js', () => {
  const SHOP = {
    '/': '<!doctype html><script type="module">import * as module from "/checkout.js"; window.module = module</script>',
    '/checkout.js': storefront,
  }

  async function openShop(shop: string): Promise<Page> {
    const page = await openPage(shop)
    await page.waitForFunction('window.module')
    return page
  }

  /** A gateway on another origin than the shop, which a test can fill up. */
  async function setUp() {
    const shop = startShop(SHOP)
    const gateway = startApp({ origins: [shop] })
    const requests: { key: string | null; place: string | null; priority: string | null }[] = []
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch(request) {
        const { headers, method } = request
        if (method === 'POST')
          requests.push({
            key: headers.get('idempotency-key'),
            place: headers.get('checkout-place'),
            priority: headers.get('priority'),
          })
        return gateway.app.fetch(request, {})
      },
    })
    stops.push(() => server.stop(true))
    return { ...gateway, shop, requests, url: `http://127.0.0.1:${server.port}` }
  }

  const full = () => {
    throw new ProblemError('overloaded')
  }

  /** What the page keeps of a purchase. */
  const keptOf = (page: Page, purchase = 'cart-7') =>
    page.evaluate(
      (name) => JSON.parse(localStorage.getItem(name) ?? 'null') as Record<string, unknown> | null,
      `checkout/${purchase}`,
    )

  /** Runs in the page; resolves with the answer, or what was thrown. */
  const send = (page: Page, url: string, checkout: object, purchase = 'cart-7') =>
    page.evaluate(
      async (cart, body, gateway) => {
        const { sendCheckout } = (globalThis as unknown as { module: typeof Storefront }).module
        const waits: object[] = []
        const options = { url: gateway, onWait: (waiting: object) => void waits.push(waiting) }
        try {
          const answer = (await sendCheckout(cart, body, options)) as { eventId: string; status: string }
          return { answer, waits }
        } catch (error) {
          const { name, status, problem, kept } = error as Storefront.CheckoutRefused
          return { refused: { name, status, problem, kept }, waits }
        }
      },
      purchase,
      checkout,
      url,
    )

  test('sends a purchase again until it is stored, under one key, and keeps its place', async () => {
    const { shop, url, requests, publish, checkRoom } = await setUp()
    checkRoom.mockImplementationOnce(full).mockImplementationOnce(full)
    const page = await openShop(shop)
    const { answer, waits } = await send(page, url, boughtQuickly)
    expect(answer).toMatchObject({ status: 'accepted', eventId: expect.stringMatching(/^[0-9a-f]{32}$/) })
    expect(waits).toMatchObject([
      { attempts: 1, keepsPlace: true },
      { attempts: 2, keepsPlace: true },
    ])
    const [first, second, third] = requests
    expect(requests).toHaveLength(3)
    expect([second?.key, third?.key]).toEqual([first?.key, first?.key])
    expect([first?.place, third?.place]).toEqual([null, second?.place])
    expect(publish.mock.lastCall?.[0].since).toBe(Number(second?.place?.split('.')[0]))
    expect(requests.map(({ priority }) => priority)).toEqual(['u=1', 'u=1', 'u=1'])
  })

  test('goes on in another tab when its own was closed, with the same key and place', async () => {
    const { shop, url, requests, checkRoom } = await setUp()
    checkRoom.mockImplementation(full)
    const first = await openShop(shop)
    send(first, url, boughtQuickly).catch(() => undefined)
    await vi.waitFor(() => expect(requests).toHaveLength(2), 10_000)
    await first.close()
    checkRoom.mockReset()

    const before = requests.length
    const second = await openShop(shop)
    const answers = await second.evaluate(async (gateway) => {
      const { resumeCheckouts } = (globalThis as unknown as { module: typeof Storefront }).module
      const resumed = [...resumeCheckouts({ url: gateway })]
      return Promise.all(resumed.map(async ([purchase, answer]) => [purchase, await answer]))
    }, url)
    expect(answers).toEqual([['cart-7', expect.objectContaining({ status: 'accepted' })]])
    expect(requests[before]).toEqual({ ...requests[1], place: requests[1]?.place })
    expect(await keptOf(second)).not.toHaveProperty('body')
  })

  test('is kept and on its way when the call returns: the page may be left at once', async () => {
    const { shop, url, requests } = await setUp()
    const page = await openShop(shop)
    const kept = await page.evaluate(
      (body, gateway) => {
        const { sendCheckout } = (globalThis as unknown as { module: typeof Storefront }).module
        sendCheckout('cart-9', body, { url: gateway }).catch(() => undefined)
        const entry = localStorage.getItem('checkout/cart-9')
        ;(globalThis as unknown as { location: { href: string } }).location.href = 'about:blank'
        return entry
      },
      boughtQuickly,
      url,
    )
    expect(JSON.parse(kept ?? 'null')).toMatchObject({ body: JSON.stringify(boughtQuickly) })
    await vi.waitFor(() => expect(requests).toHaveLength(1), 10_000)
  })

  test('another checkout under the same name is not forgotten when the first one is stored', async () => {
    const { shop, url, publish, requests } = await setUp()
    const first = Promise.withResolvers<void>()
    publish.mockImplementationOnce(async ({ partition }) => {
      await first.promise
      return { partition, offset: 0 }
    })
    const page = await openShop(shop)
    const sendingFirst = send(page, url, boughtQuickly)
    await vi.waitFor(() => expect(publish).toHaveBeenCalledTimes(1))
    publish.mockRejectedValue(new ProblemError('kafka-unavailable'))
    send(page, url, { ...boughtQuickly, folio: 'SRZ-5510' }).catch(() => undefined)
    await vi.waitFor(() => expect(requests.length).toBeGreaterThan(1), 10_000)
    first.resolve()
    expect((await sendingFirst).answer?.status).toBe('accepted')
    expect(await keptOf(page)).toMatchObject({ body: expect.stringContaining('SRZ-5510') })
  })

  test('is the same purchase when it is sent again after it was stored, or twice at once', async () => {
    const { shop, url, publish, requests } = await setUp()
    const page = await openShop(shop)
    const twice = await Promise.all([send(page, url, boughtQuickly), send(page, url, boughtQuickly)])
    await page.reload()
    await page.waitForFunction('window.module')
    const afterwards = await send(page, url, boughtQuickly)
    const { answer } = afterwards
    expect(answer).toMatchObject({ status: 'accepted' })
    expect(twice.map((sent) => sent.answer)).toEqual([answer, answer])
    expect(publish).toHaveBeenCalledOnce()
    expect(new Set(requests.map(({ key }) => key)).size).toBe(1)
    expect(await keptOf(page)).toEqual({
      key: requests[0]?.key,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      storedAt: expect.any(Number),
    })
  })

  test('what is refused for good is told, and not kept', async () => {
    const { shop, url, requests } = await setUp()
    const page = await openShop(shop)
    const { refused } = await send(page, url, { ...boughtQuickly, edad: 131 })
    expect(refused).toMatchObject({ name: 'CheckoutRefused', status: 422, kept: false })
    expect(refused?.problem).toMatchObject({ errors: [{ pointer: '/edad' }] })
    expect(await keptOf(page)).toBeNull()
    expect(requests).toHaveLength(1)
  })

  /** Gives these answers, then what a gateway gives. */
  function startAnswering(...answers: Response[]) {
    const keys: (string | null)[] = []
    const gateway = startApp()
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      async fetch(request) {
        const { pathname } = new URL(request.url)
        if (pathname === '/') return new Response(SHOP['/'], { headers: { 'content-type': 'text/html' } })
        if (pathname === '/checkout.js')
          return new Response(storefront, { headers: { 'content-type': 'text/javascript' } })
        keys.push(request.headers.get('idempotency-key'))
        return answers.shift() ?? (await gateway.app.fetch(request, {}))
      },
    })
    stops.push(() => server.stop(true))
    return { url: `http://127.0.0.1:${server.port}`, keys }
  }

  test.each([
    ['a session that has ended', () => problemResponse(new ProblemError('unauthenticated'))],
    ['a firewall', () => new Response('<h1>Bad Request</h1>', { status: 400 })],
  ])('%s costs nobody a purchase: it is told, kept, and sent again when asked', async (_, answer) => {
    const { url, keys } = startAnswering(answer())
    const page = await openShop(url)
    const { refused } = await send(page, '', boughtQuickly)
    expect(refused).toMatchObject({ name: 'CheckoutRefused', kept: true })
    expect(await keptOf(page)).toHaveProperty('body')
    expect((await send(page, '', boughtQuickly)).answer?.status).toBe('accepted')
    expect(keys).toHaveLength(2)
    expect(keys[1]).toBe(keys[0])
  })

  test.each([
    [
      'which a proxy gives for a gateway that is away',
      () => new Response('error code: 520', { status: 520 }),
    ],
    ['that ends before its end', () => new Response('{"eventId":"ab', { status: 202 })],
  ])('an answer %s is none: it is sent again', async (_, answer) => {
    const { url, keys } = startAnswering(answer())
    const page = await openShop(url)
    const sent = await send(page, '', boughtQuickly)
    expect(sent).toMatchObject({ answer: { status: 'accepted' }, waits: [{ attempts: 1 }] })
    expect(keys).toHaveLength(2)
    expect(keys[1]).toBe(keys[0])
  })

  test.each(['undefined', 'null', '{ get() { throw new DOMException("", "SecurityError") } }'])(
    'a browser that keeps nothing (localStorage: %s) sends all the same, once',
    async (kept) => {
      const { url, keys } = startAnswering()
      const page = await openShop(url)
      const property = kept.startsWith('{') ? kept : `{ value: ${kept} }`
      await page.evaluate(`Object.defineProperty(window, 'localStorage', ${property})`)
      for (let times = 0; times < 2; times++) {
        expect((await send(page, '', boughtQuickly)).answer?.status).toBe('accepted')
      }
      expect(keys[1]).toBe(keys[0])
    },
  )

  test('another body under the same name is another purchase; who only looks says so', async () => {
    const { shop, url, requests } = await setUp()
    const page = await openShop(shop)
    await send(page, url, boughtQuickly)
    await send(page, url, didNotBuy)
    expect(new Set(requests.map(({ key }) => key)).size).toBe(2)
    expect(requests[1]?.priority).toBe('u=5')
  })

  test('a gateway that is away is asked again', async () => {
    const { shop, url } = await setUp()
    const page = await openShop(shop)
    await page.setOfflineMode(true)
    const sending = send(page, url, boughtQuickly)
    await vi.waitFor(async () => {
      expect(await keptOf(page)).toHaveProperty('body')
    })
    await page.setOfflineMode(false)
    expect((await sending).answer?.status).toBe('accepted')
  })
})

describe("the README's page", () => {
  const keys = createTestKeys()
  const key = keys.mint('web', ['write', 'read', 'personal'])
  let system: TestSystem

  beforeAll(async () => {
    system = await startSystem({
      brokers: inject('kafkaBrokers'),
      gateways: 1,
      processors: 1,
      settings: { API_KEYS_FILE: keys.path },
    })
  })
  afterAll(() => system.stop())

  test('shows its customer what there is, then what comes, by a token alone', async () => {
    const gateway = system.gateways[0]?.url ?? ''
    const post = async (checkout: object) => {
      const headers = { 'content-type': 'application/json', prefer: 'wait=20', ...key.headers }
      const response = await fetch(`${gateway}/checkout`, {
        method: 'POST',
        headers,
        body: JSON.stringify(checkout),
      })
      expect(response.status).toBe(200)
    }
    await post(boughtQuickly)
    const token = await signToken(key.id, key.hash, {
      scopes: new Set(['read', 'personal'] as const),
      customer: boughtQuickly.id,
      expiresAt: Math.floor(Date.now() / 1_000) + 60,
    })
    const page = await openPage(startShop({ '/': readmePage, '/my-token': token }, gateway))
    const shown = () => page.$eval('pre', ({ textContent }) => textContent ?? '')
    await vi.waitFor(async () => expect(await shown()).toContain('folio es: SRZ-5509'), 10_000)
    await post({ ...boughtQuickly, folio: 'SRZ-5510', taps: 31 })
    await post({ ...boughtQuickly, id: 'b'.repeat(24), folio: 'SRZ-5511' })
    await vi.waitFor(async () => expect(await shown()).toContain('folio es: SRZ-5510'), 10_000)
    expect(await shown()).not.toContain('SRZ-5511')
    expect(await page.evaluate('document.cookie')).toBe('')
  })
})
