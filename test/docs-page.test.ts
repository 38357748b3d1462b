import type { Browser, Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { sampleCheckout } from '../backbone/records/sample-checkout.ts'
import { launchBrowser } from './browser.ts'
import { violationsOf } from './inspect-page.ts'
import { createGateways, type RunningGateway } from './run-gateway.ts'

const gateways = createGateways(inject('kafkaBrokers'))
let gateway: RunningGateway
let browser: Browser
const pages: Page[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  gateway = await gateways.start()
  await gateway.ready()
})
afterEach(() => Promise.all(pages.splice(0).map((page) => page.close())))
afterAll(async () => {
  await browser.close()
  await gateways.stop()
})

async function openDocs({ width = 1_400, scheme = 'light', at = '' } = {}) {
  const page = await browser.newPage()
  pages.push(page)
  const complaints: string[] = []
  const requested = new Set<string>()
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => requested.add(new URL(request.url()).origin))
  await page.setViewport({ width, height: 900 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
  await page.goto(`${gateway.url}/docs${at}`, { waitUntil: 'networkidle0' })
  await page.waitForSelector('::-p-text(Send a checkout)')
  return { page, complaints, requested }
}

const press = (page: Page, label: string) =>
  page.evaluate(
    `[...document.querySelectorAll('button')].find((button) => button.textContent.includes(${JSON.stringify(label)})).click()`,
  )

describe.each(['light', 'dark'])('the page /docs, %s', (scheme) => {
  test.each([380, 1_400])('at %i px loads nothing from elsewhere, and is accessible', async (width) => {
    const { page, complaints, requested } = await openDocs({ width, scheme })
    expect(await violationsOf(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    expect([...requested].filter((origin) => origin !== 'null')).toEqual([gateway.url])
    expect(complaints).toEqual([])
  })
})

test('a checkout can be sent from the page /docs', async () => {
  const { page, complaints } = await openDocs({ at: '#tag/checkouts/POST/checkout' })
  await press(page, '(post /checkout)')
  await page.waitForSelector('::-p-text(Request Body)')
  const answer = page.waitForResponse((response) => response.request().method() === 'POST')
  await press(page, 'Send post request')
  const response = await answer
  expect([response.url(), response.status()]).toEqual([`${gateway.url}/checkout`, 202])
  expect(JSON.parse(response.request().postData() ?? '')).toEqual(sampleCheckout)
  const { eventId } = (await response.json()) as { eventId: string }
  await page.waitForSelector(`::-p-text(${eventId})`)
  expect(complaints).toEqual([])
})
