import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll } from 'vitest'
import { launchBrowser } from './browser.ts'

type Answer = (request: Request) => Response | Promise<Response>

/** A Chromium for the tests of a file, which may run concurrently; pages and servers end after the last of them. */
export function useBrowser() {
  const stops: (() => unknown)[] = []
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())
  afterAll(() => Promise.all(stops.map((stop) => stop())))

  function serve(fetch: Answer): string {
    const server = Bun.serve({ hostname: '127.0.0.1', port: 0, idleTimeout: 0, fetch })
    stops.push(() => server.stop(true))
    return `http://127.0.0.1:${server.port}`
  }

  async function openPage(url: string): Promise<Page> {
    const page = await browser.newPage()
    stops.push(() => (page.isClosed() ? undefined : page.close()))
    await page.goto(url)
    return page
  }

  return {
    serve,
    openPage,
    /** The store's own web server; `otherwise` answers unknown paths. */
    servePages: (
      pages: Record<string, string>,
      otherwise: Answer = () => new Response(null, { status: 404 }),
    ) =>
      serve((request) => {
        const { pathname } = new URL(request.url)
        const page = pages[pathname]
        if (page === undefined) return otherwise(request)
        const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8'
        return new Response(page, { headers: { 'content-type': type } })
      }),
  }
}
