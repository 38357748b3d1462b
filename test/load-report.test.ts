import { readFileSync } from 'node:fs'
import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { formatHtmlReport } from '../loadgen/report/report-html.ts'
import { testPoint, testResult, testSlice } from '../loadgen/report/test-result.ts'
import type { RunResult } from '../loadgen/run-result.ts'
import { useBrowser } from './browser-pages.ts'

const { openPage, servePages } = useBrowser()

/** A run with all features, and figures as large as possible. */
function fullResult(): RunResult {
  const seconds = 140
  const timeline = Array.from({ length: seconds }, (_, at) =>
    testPoint(at, {
      asked: at < 60 ? 50 : 12_345,
      sent: at < 60 ? 50 : 12_300,
      accepted: at < 60 ? 50 : 11_000,
      dropped: at > 100 ? 120 : 0,
      failures: at > 60 ? { '503': 800, 'connection refused': 400, timeout: 100 } : {},
      inFlight: 10 * at,
      duration: { p50: 3 + at / 10, p90: 20 + at, p99: 100 + at * 9, max: 200 + at * 40 },
    }),
  )
  const times = Array.from({ length: 2_000 }, (_, n) => 1.5 + n ** 1.4)
  const stages = [
    ['1: 60s at 50/s', 60],
    ['2: 2s 50 → 12345/s', 2],
    ['3: 0.5m at 12345/s', 30],
    ['5: 48s 12345 → 10/s', 48],
  ] as const
  const { load, metrics } = testResult({
    seconds,
    timeline,
    target: 'https://a-gateway.with-a-long-name.internal.store.example:8443/api/v1',
    tags: { release: '2026.11.3-rc.1', machine: 'c7i.4xlarge-in-another-region' },
    stages: stages.map(([name, length]) => testSlice(name, times, length)),
    lanes: [testSlice('purchase', times, seconds), testSlice('browse', times, seconds)],
    failures: { '503': 64_000, 'connection refused': 32_000, timeout: 8_000 },
    thresholds: [
      {
        metric: 'http_req_duration{lane:purchase}',
        expression: 'p(99)<250 over 10s',
        ok: false,
        actual: 1_460,
        at: 139,
      },
      { metric: 'http_req_failed', expression: 'rate<0.001', ok: true, actual: 0.0002 },
    ],
    rateChanges: [{ at: 100, factor: 1.21 }],
    endedEarly: 'threshold broken: http_req_duration{lane:purchase} p(99)<250 over 10s',
  })
  return { load, metrics: { ...metrics, http_reqs: { count: 1_234_567, rate: 8_818.3 } } }
}

const report = servedReport()

/** Opened from a server: Chromium treats the origin of a file differently. */
function servedReport() {
  const page = formatHtmlReport(fullResult())
  return () => servePages({ '/': page })
}

async function openReport(width: number, scheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const page = await openPage('about:blank')
  await page.setViewport({ width, height: 900 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
  await page.goto(report())
  return page
}

const layoutFaults = readFileSync(new URL('layout-faults.js', import.meta.url), 'utf8')
const faultsOf = (page: Page) => page.evaluate(layoutFaults)

test.each([320, 380, 640, 768, 1_400])(
  'at %d px every text can be read, and nothing is cut off',
  async (width) => {
    expect(await faultsOf(await openReport(width))).toEqual([])
  },
)

test('a chart fills the available width, and keeps its height', async () => {
  const sizeAt = async (width: number) => {
    const page = await openReport(width)
    return page.$eval('.plot', (plot) => [plot.clientWidth, plot.clientHeight] as const)
  }
  const [[narrow, low], [wide, high]] = [await sizeAt(380), await sizeAt(1_400)]
  expect(narrow).toBeGreaterThan(270)
  expect(wide).toBeGreaterThan(750)
  expect([low, high]).toEqual([164, 164])
})

const shown = (page: Page) =>
  page.$$eval('.values', (boxes) =>
    boxes.map((box) => ({
      label: box.querySelector('p')?.textContent,
      rows: [...box.querySelectorAll('div')].map((row) => row.innerText.replace(/\s+/, ' ')),
    })),
  )

/** Scrolls a chart to the middle of the screen; resolves with its position. */
async function middleOf(page: Page, index: number): Promise<{ x: number; y: number }> {
  const plot = (await page.$$('.plot'))[index]
  await plot?.scrollIntoView()
  const { x, y, width, height } = (await plot?.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  return { x: x + width / 2, y: y + height / 2 }
}

test('a pointer over a chart shows the values, and hides them when it leaves', async () => {
  const page = await openReport(1_400)
  const { x, y } = await middleOf(page, 0)
  // Its middle is between two values.
  await page.mouse.move(x + 2, y)
  expect(await shown(page)).toEqual([
    {
      label: '1 m 10 s, stage 3: 0.5m at 12345/s',
      rows: ['planned 12345/s', 'sent 12300/s', 'accepted 11000/s'],
    },
  ])
  await page.mouse.move(1, 1)
  expect(await shown(page)).toEqual([])
})

test('a tap shows the values, too, and they stay; nothing overflows', async () => {
  const page = await openReport(380)
  for (const index of [0, 1, 3, 5]) {
    const { x, y } = await middleOf(page, index)
    await page.touchscreen.tap(x, y)
    const [box] = await shown(page)
    expect(box?.rows.length).toBeGreaterThan(1)
    expect(await faultsOf(page)).toEqual([])
  }
})

test('the arrow keys go from value to value, and a screen reader reads them', async () => {
  const page = await openReport(380)
  const read = () => page.$eval(':focus', (focused) => [focused.role, focused.getAttribute('aria-valuetext')])
  await page.keyboard.press('Tab')
  expect(await read()).toEqual([
    'slider',
    '0.0 s, stage 1: 60s at 50/s, planned 50/s, sent 50/s, accepted 50/s',
  ])
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowLeft')
  expect((await read())[1]).toMatch(/^2 m 18 s, stage 5: 48s 12345 → 10\/s, planned 12345\/s/)
  expect(await shown(page)).toHaveLength(1)
  await page.keyboard.press('Escape')
  expect(await shown(page)).toEqual([])
})

test('the page follows the dark scheme, and loads nothing', async () => {
  const page = await openReport(380, 'dark')
  const requests: string[] = []
  const errors: string[] = []
  page.on('request', (request) => void requests.push(new URL(request.url()).pathname))
  page.on('pageerror', (error) => void errors.push(String(error)))
  page.on('console', (message) => void errors.push(message.text()))
  await page.reload()
  const colours = await page.evaluate(
    '(({ backgroundColor, color }) => [backgroundColor, color])(getComputedStyle(document.body))',
  )
  expect(colours).toEqual(['rgb(20, 23, 26)', 'rgb(228, 231, 234)'])
  expect(requests.filter((path) => path !== '/favicon.ico')).toEqual(['/'])
  expect(errors.filter((text) => !text.includes('404'))).toEqual([])
})
