import { readFileSync } from 'node:fs'
import type { Page } from 'puppeteer-core'
import type * as Storefront from '../deploy/storefront/checkout.js'
import { startApp } from '../gateway/testing/app.ts'
import { useBrowser } from './browser-pages.ts'

const PAGES = {
  '/': '<!doctype html><script type="module">import * as module from "/checkout.js"; window.module = module</script>',
  '/checkout.js': readFileSync(new URL('../deploy/storefront/checkout.js', import.meta.url), 'utf8'),
}

interface Sent {
  key: string | null
  place: string | null
  priority: string | null
  prefer: string | null
  traceparent: string | null
}

const headersOf = ({ headers }: Request): Sent => ({
  key: headers.get('idempotency-key'),
  place: headers.get('checkout-place'),
  priority: headers.get('priority'),
  prefer: headers.get('prefer'),
  traceparent: headers.get('traceparent'),
})

/** Shops whose pages contain the storefront module, with gateways. */
export function useStorefront() {
  const { serve, servePages, openPage } = useBrowser()

  return {
    serve,
    async openShop(url: string): Promise<Page> {
      const page = await openPage(url)
      await page.waitForFunction('window.module')
      return page
    },
    /** A gateway on another origin than the shop; a test can fill it up. */
    startGateway() {
      const shop = servePages(PAGES)
      const gateway = startApp({ origins: [shop] })
      const requests: Sent[] = []
      const url = serve((request) => {
        if (request.method === 'POST') requests.push(headersOf(request))
        return gateway.app.fetch(request, {})
      })
      return { ...gateway, shop, requests, url }
    },
    /** A shop and a gateway on one origin with these answers, followed by those of a real gateway. */
    startAnswering(...answers: Response[]) {
      const requests: Sent[] = []
      const gateway = startApp()
      const url = servePages(PAGES, (request) => {
        requests.push(headersOf(request))
        return answers.shift() ?? gateway.app.fetch(request, {})
      })
      return { url, requests }
    },
  }
}

/** The entry that the page keeps for a purchase. */
export const keptOf = (page: Page, purchase = 'cart-7') =>
  page.evaluate(
    (name) => JSON.parse(localStorage.getItem(name) ?? 'null') as Record<string, unknown> | null,
    `checkout/${purchase}`,
  )

/** Runs in the page; resolves with the answer or the thrown error, and every call of onWait. */
export const send = (page: Page, url: string, checkout: object, options: Storefront.Options = {}) =>
  page.evaluate(
    async (body, gateway, given) => {
      const { sendCheckout } = (globalThis as unknown as { module: typeof Storefront }).module
      const waits: Storefront.Waiting[] = []
      const onWait = (waiting: Storefront.Waiting) => void waits.push(waiting)
      try {
        const answer = await sendCheckout('cart-7', body, { ...given, url: gateway, onWait })
        return { answer, waits }
      } catch (error) {
        const { name, status, problem, kept } = error as Storefront.CheckoutRefused
        return { refused: { name, status, problem, kept }, waits }
      }
    },
    checkout,
    url,
    options,
  )

/** Runs in the page; sends a checkout until onWait was called that often, and then stops. */
export const waitsOf = (page: Page, url: string, checkout: object, count: number) =>
  page.evaluate(
    (body, gateway, most) =>
      new Promise<Storefront.Waiting[]>((resolve) => {
        const { sendCheckout } = (globalThis as unknown as { module: typeof Storefront }).module
        const stop = new AbortController()
        const waits: Storefront.Waiting[] = []
        const onWait = (waiting: Storefront.Waiting) => {
          if (waits.push(waiting) < most) return
          stop.abort()
          resolve(waits)
        }
        sendCheckout('cart-7', body, { url: gateway, onWait, signal: stop.signal }).catch(() => undefined)
      }),
    checkout,
    url,
    count,
  )
