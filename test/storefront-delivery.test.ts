import { expect, test, vi } from 'vitest'
import { ProblemError } from '../backbone/problem.ts'
import type * as Storefront from '../deploy/storefront/checkout.js'
import { boughtQuickly, didNotBuy } from './sample-checkouts.ts'
import { keptOf, send, useStorefront } from './storefront-shop.ts'

const { openShop, startGateway, startAnswering } = useStorefront()

const full = () => {
  throw new ProblemError('overloaded')
}

test.concurrent('retries a purchase until it is stored, with one key and its queue ticket', async () => {
  const { shop, url, requests, publish, checkRoom } = startGateway()
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

test.concurrent('continues in another tab when its own was closed, with the same key and queue ticket', async () => {
  const { shop, url, requests, checkRoom } = startGateway()
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

test.concurrent('is saved and sent when the call returns: the page may be left immediately', async () => {
  const { shop, url, requests } = startGateway()
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

test.concurrent('another checkout under the same name is not forgotten when the first one is stored', async () => {
  const { shop, url, publish, requests } = startGateway()
  const first = Promise.withResolvers<void>()
  publish.mockImplementationOnce(async ({ partitionAmong }) => {
    await first.promise
    return { partition: partitionAmong(6), offset: 0 }
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

test.concurrent('is the same purchase when it is sent again after it was stored, or twice at once', async () => {
  const { shop, url, publish, requests } = startGateway()
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

test.concurrent.each(['undefined', 'null', '{ get() { throw new DOMException("", "SecurityError") } }'])(
  'a browser that keeps nothing (localStorage: %s) sends all the same, once',
  async (kept) => {
    const { url, requests } = startAnswering()
    const page = await openShop(url)
    const property = kept.startsWith('{') ? kept : `{ value: ${kept} }`
    await page.evaluate(`Object.defineProperty(window, 'localStorage', ${property})`)
    for (let times = 0; times < 2; times++) {
      expect((await send(page, '', boughtQuickly)).answer?.status).toBe('accepted')
    }
    expect(requests[1]?.key).toBe(requests[0]?.key)
  },
)

test.concurrent('another body with the same name is another purchase; a visit has the lower priority', async () => {
  const { shop, url, requests } = startGateway()
  const page = await openShop(shop)
  await send(page, url, boughtQuickly)
  await send(page, url, didNotBuy)
  expect(new Set(requests.map(({ key }) => key)).size).toBe(2)
  expect(requests[1]?.priority).toBe('u=5')
})

test.concurrent('a purchase requests lenient handling, and the outcome if the page waits for it; a visit does not', async () => {
  const { shop, url, requests } = startGateway()
  const page = await openShop(shop)
  await send(page, url, boughtQuickly)
  await send(page, url, { ...boughtQuickly, folio: 'SRZ-5510' }, { waitSeconds: 1 })
  await send(page, url, didNotBuy)
  await send(page, url, { ...didNotBuy, productovisto: 'Silla' }, { waitSeconds: 1 })
  expect(requests.map(({ prefer }) => prefer)).toEqual([
    'handling=lenient',
    'handling=lenient, wait=1',
    null,
    'wait=1',
  ])
})

test.concurrent('the trace of the page goes along, also to another origin', async () => {
  const { shop, url, requests } = startGateway()
  const page = await openShop(shop)
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  await send(page, url, boughtQuickly, { traceparent })
  await send(page, url, didNotBuy)
  expect(requests.map((request) => request.traceparent)).toEqual([traceparent, null])
})

test.concurrent('a purchase that was stored with faults and warnings is a success, and the page has them', async () => {
  const answer = {
    eventId: 'a'.repeat(32),
    status: 'accepted',
    faults: [{ pointer: '/email', code: 'format', detail: 'must be an e-mail address' }],
    warnings: [{ pointer: '/colour', code: 'unknown_field' }],
  }
  const { url, requests } = startAnswering(Response.json(answer, { status: 202 }))
  const page = await openShop(url)
  expect(await send(page, '', { ...boughtQuickly, email: 'no address', colour: 'red' })).toEqual({
    answer,
    waits: [],
  })
  expect(requests).toHaveLength(1)
  expect(await keptOf(page)).not.toHaveProperty('body')
})
