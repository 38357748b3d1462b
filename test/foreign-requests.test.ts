import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { startProcessor, type TestProcessor } from '../gateway/testing/processor.ts'
import { launchBrowser } from './browser.ts'
import { checkoutOf } from './checkouts.ts'
import { createGateways, type RunningGateway } from './run-gateway.ts'

// Names that resolve to this machine, as an attacker's DNS server can make its own names do.
const EVIL = 'evil.example'
const REBOUND = 'rebound.example'
const CUSTOMER = 'Scarlett'
const HTML = { 'content-type': 'text/html' }

const gateways = createGateways(inject('kafkaBrokers'))
let browser: Browser
let processor: TestProcessor
let attacker: Bun.Server<unknown>
let evilPage: string
let gateway: RunningGateway
/** Accepts the attacker's host name. */
let permissive: RunningGateway
let page: Page

beforeAll(async () => {
  browser = await launchBrowser([`--host-resolver-rules=MAP ${EVIL} 127.0.0.1, MAP ${REBOUND} 127.0.0.1`])
  processor = await startProcessor((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"items":["${CUSTOMER}"]}`),
  )
  attacker = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: () => new Response('<!doctype html><title>Win a prize</title>', { headers: HTML }),
  })
  evilPage = `http://${EVIL}:${attacker.port}/`
  gateway = await gateways.start({ PROCESSOR_URLS: processor.url })
  permissive = await gateways.start({ PROCESSOR_URLS: processor.url, ALLOWED_HOSTS: REBOUND })
  await Promise.all([gateway.ready(), permissive.ready()])
})
afterAll(async () => {
  await browser.close()
  await attacker.stop(true)
  await gateways.stop()
  await processor.stop()
})
beforeEach(async () => {
  processor.requests.length = 0
  await page?.close()
  page = await browser.newPage()
})

/** Without the gateways' health probes. */
const reads = () => processor.requests.map(({ url }) => url).filter((url) => url !== '/health/live')

async function storedAt({ url }: RunningGateway): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const counts = metrics.matchAll(/^checkout_stored_total\{.*\} (\d+)$/gm)
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
}

/** The part of an answer that a page can read. */
const tryFetch = (path: string, init: RequestInit = {}) =>
  page.evaluate(
    async (url, options) => {
      try {
        const response = await fetch(url, options)
        return [response.status, await response.text()]
      } catch (error) {
        return [(error as Error).name]
      }
    },
    path,
    init,
  )

const json = { 'content-type': 'application/json' }
const purchase = (n: number) => JSON.stringify(checkoutOf('quick', n))

describe('a page of another site', () => {
  beforeEach(() => page.goto(evilPage))

  test('reads nothing, and no read reaches a processor', async () => {
    for (const path of ['/notifications', '/notifications/stream', '/metrics', '/docs']) {
      expect(await tryFetch(gateway.url + path)).toEqual(['TypeError'])
      expect(await tryFetch(gateway.url + path, { mode: 'no-cors' })).toEqual([0, ''])
    }
    const stream = await page.evaluate(`new Promise((resolve) => {
      const source = new EventSource('${gateway.url}/notifications/stream')
      for (const event of ['open', 'error']) source.addEventListener(event, () => resolve(event))
    })`)
    expect(stream).toBe('error')
    expect(reads()).toEqual([])
  })

  test('sends nothing that is stored', async () => {
    const url = `${gateway.url}/checkout`
    expect(await tryFetch(url, { method: 'POST', headers: json, body: purchase(1) })).toEqual(['TypeError'])
    const blind: RequestInit = { method: 'POST', mode: 'no-cors', body: purchase(1) }
    const answer = page.waitForResponse((response) => response.request().method() === 'POST')
    expect(await tryFetch(url, blind)).toEqual([0, ''])
    expect((await answer).status()).toBe(403)
    expect(await storedAt(gateway)).toBe(0)
  })

  test('cannot frame the documentation, but can link to it', async () => {
    const framed = page.waitForResponse((response) => response.url().endsWith('/docs'))
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('iframe'), { src: '${gateway.url}/docs' }))`,
    )
    expect((await framed).status()).toBe(403)
    const [opened] = await Promise.all([
      page.waitForNavigation(),
      page.evaluate(`location.assign('${gateway.url}/docs')`),
    ])
    expect(opened?.status()).toBe(200)
  })
})

describe('a page whose host name now resolves to this machine', () => {
  /** Any page will do: its requests are same-origin. */
  async function rebindTo({ port }: RunningGateway) {
    await page.setBypassCSP(true)
    await page.goto(`http://${REBOUND}:${port}/health/live`)
  }

  test('reads nothing and stores nothing', async () => {
    await rebindTo(gateway)
    const rejected = [403, expect.stringContaining(`The host name ${REBOUND} is not in ALLOWED_HOSTS`)]
    expect(await tryFetch('/notifications')).toEqual(rejected)
    expect(await tryFetch('/metrics')).toEqual(rejected)
    expect(await tryFetch('/checkout', { method: 'POST', headers: json, body: purchase(1) })).toEqual(
      rejected,
    )
    expect(reads()).toEqual([])
    expect(await storedAt(gateway)).toBe(0)
  })

  test('can do both if its name is in ALLOWED_HOSTS', async () => {
    await rebindTo(permissive)
    expect(await tryFetch('/notifications')).toEqual([200, expect.stringContaining(CUSTOMER)])
    expect(await tryFetch('/checkout', { method: 'POST', headers: json, body: purchase(1) })).toEqual([
      202,
      expect.stringContaining('accepted'),
    ])
    expect(reads()).toEqual(['/notifications'])
    expect(await storedAt(permissive)).toBe(1)
  })
})

test('an own page can read and send, with each name of this machine', async () => {
  const names = ['127.0.0.1', 'localhost']
  for (const [n, name] of names.entries()) {
    await page.goto(`http://${name}:${gateway.port}/docs`)
    expect(await tryFetch('/notifications')).toEqual([200, expect.stringContaining(CUSTOMER)])
    const body = purchase(100 + n)
    expect(await tryFetch('/checkout', { method: 'POST', headers: json, body })).toEqual([
      202,
      expect.stringContaining('accepted'),
    ])
  }
  expect(await storedAt(gateway)).toBe(names.length)
})
