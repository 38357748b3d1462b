import type { Browser } from 'puppeteer-core'
import { launchBrowser } from './browser.ts'
import type { OpenClient } from './event-source-clients.ts'

let browser: Promise<Browser> | undefined
let pages = 0

/** The `EventSource` of a real browser, in a page of another origin. */
export const chromium: OpenClient = (url, handle) => {
  browser ??= launchBrowser()
  pages++
  const page = open(browser, url, handle)
  return async () => {
    await (await page).close()
    if (--pages === 0) await (await browser)?.close()
  }
}

async function open(launched: Promise<Browser>, url: string, handle: Parameters<OpenClient>[1]) {
  const page = await (await launched).newPage()
  await page.exposeFunction('deliver', handle)
  await page.evaluate(`{
    const source = new EventSource(${JSON.stringify(url)})
    for (const event of ['notification', 'message']) {
      source.addEventListener(event, ({ data }) => deliver(event, data))
    }
  }`)
  return page
}
