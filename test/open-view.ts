import type { Browser, Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { launchBrowser } from './browser.ts'
import { tooWide, violationsOf } from './inspect-page.ts'

interface ViewOptions {
  width?: number
  scheme?: 'light' | 'dark'
  language?: string
}

/** A Chromium for pages of the gateway; they are closed after each test. */
export function useViews() {
  const pages: Page[] = []
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterEach(async () => {
    for (const page of await browser.pages()) if (pages.includes(page)) await page.close()
    pages.length = 0
  })
  afterAll(() => browser.close())

  return {
    browser: () => browser,

    /** `complaints` are errors and warnings of the page, such as what its policy has blocked. */
    async open(url: string, { width = 1_400, scheme = 'light', language = 'en' }: ViewOptions = {}) {
      const page = await browser.newPage()
      pages.push(page)
      const complaints: string[] = []
      page.on('console', (message) => {
        if (['error', 'warn'].includes(message.type())) complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(String(error)))
      await page.setViewport({ width, height: 900 })
      await page.setExtraHTTPHeaders({ 'accept-language': language })
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
      await page.goto(url)
      return { page, complaints }
    },
  }
}

/** What axe-core finds, and what is too wide. */
export const faultsOf = async (page: Page): Promise<unknown[]> => [
  ...(await violationsOf(page)),
  ...(await tooWide(page)),
]
