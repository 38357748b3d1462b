import { readFileSync } from 'node:fs'
import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import type { Checkout } from '../backbone/records/checkout.ts'
import type * as Storefront from '../deploy/storefront/checkout.js'
import type { Path } from '../deploy/storefront/measure-path.js'
import { startApp } from '../gateway/testing/app.ts'
import { useBrowser } from './browser-pages.ts'
import { boughtQuickly } from './sample-checkouts.ts'

const { openPage, servePages } = useBrowser()
const script = (name: string) =>
  readFileSync(new URL(`../deploy/storefront/${name}`, import.meta.url), 'utf8')
const pageOf = (stage: string) => `<!doctype html><script type="module">
import { measurePath } from '/measure-path.js'
import { sendCheckout } from '/checkout.js'
window.sendCheckout = sendCheckout
window.path = measurePath()
path.enter('${stage}')
</script>`

interface Shop {
  path: Path
  sendCheckout: typeof Storefront.sendCheckout
}

/** Minutes pass at once: the clock of the tab goes forward. */
const shiftClock = `const { now } = Date
Date.now = () => now() + Number(sessionStorage.getItem('shift')) * 60_000`
const pass = (page: Page, minutes: number) =>
  page.evaluate((more) => {
    sessionStorage.setItem('shift', String(Number(sessionStorage.getItem('shift')) + more))
  }, minutes)

async function setWindow(page: Page, windowState: 'minimized' | 'normal') {
  const devtools = await page.createCDPSession()
  const { windowId } = await devtools.send('Browser.getWindowForTarget')
  await devtools.send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
  const visibility = windowState === 'minimized' ? 'hidden' : 'visible'
  await page.waitForFunction(`document.visibilityState === '${visibility}'`, { polling: 20 })
}

async function openShop() {
  const gateway = startApp()
  const url = servePages(
    {
      '/empty': '',
      '/catalogo': pageOf('catalogo'),
      '/pago': pageOf('pago'),
      '/checkout.js': script('checkout.js'),
      '/measure-path.js': script('measure-path.js'),
    },
    (request) => gateway.app.fetch(request, {}),
  )
  const page = await openPage(`${url}/empty`)
  await page.evaluateOnNewDocument(shiftClock)
  const visit = async (path: string) => {
    await page.goto(url + path)
    await page.waitForFunction('window.path')
  }
  return { page, visit, publish: gateway.publish }
}

test('a purchase carries what its tab has measured, over a page load, a hidden page and a double click', async () => {
  const { page, visit, publish } = await openShop()
  await visit('/catalogo')
  await pass(page, 10)
  // As long as the next page takes.
  await visit('/pago')
  await pass(page, 5)
  await setWindow(page, 'minimized')
  await pass(page, 20)
  await setWindow(page, 'normal')
  await pass(page, 3)
  const answers = await page.evaluate(async (fields) => {
    const { path, sendCheckout } = globalThis as unknown as Shop
    path.error(51)
    const buy = () => sendCheckout('cart-7', { ...fields, ...path.result() })
    return Promise.all([buy(), buy()])
  }, boughtQuickly)

  expect(answers.map(({ warnings }) => warnings)).toEqual([undefined, undefined])
  expect(publish).toHaveBeenCalledOnce()
  const { taps, recorrido } = JSON.parse(publish.mock.lastCall?.[0].value ?? '') as Checkout
  expect(recorrido?.map(({ etapa, segundos, error }) => [etapa, Math.floor(segundos / 60), error])).toEqual([
    ['catalogo', 10, undefined],
    ['pago', 8, '51'],
    ['pausa', 20, undefined],
    ['pago', 0, undefined],
  ])
  expect(Math.floor(taps ?? 0)).toBe(38)
})
