import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { afterAll, expect, test } from 'vitest'
import { kinds } from '../gateway/pages/text/en/kinds.ts'
import type { RunResult } from '../loadgen/run-result.ts'
import { useBrowser } from './browser-pages.ts'
import { useSystem } from './use-system.ts'

const folder = mkdtempSync(join(tmpdir(), 'page-figures-'))
afterAll(() => rmSync(folder, { recursive: true }))
const { openPage } = useBrowser()
// The load is above the rate of an address: a part of it is refused.
const system = useSystem({ gateways: 1, processors: 2, settings: { ADDRESS_RATE: '120' } })

/** What the view shows, read each tenth of a second and added up by the time that it was shown for. */
const ADD_UP = `
  const numberOf = (text) => Number((text ?? '').replaceAll(',', '')) || 0
  const rowOf = (name) => [...document.querySelectorAll('tr')].find((row) => row.cells[0].textContent === name)
  // One that is refused by its address is not read.
  const inRow = (name) => [1, 2, 3].reduce((sum, at) => sum + numberOf(rowOf(name)?.cells[at].textContent), 0)
  const kinds = ${JSON.stringify(Object.values(kinds))}
  const outcomes = () => [...document.querySelectorAll('dt')]
    .filter(({ textContent }) => kinds.includes(textContent))
    .reduce((sum, term) => sum + numberOf(term.nextElementSibling.textContent), 0)
  globalThis.shown = { accepted: 0, refused: 0, outcomes: 0 }
  let before = performance.now()
  setInterval(() => {
    const now = performance.now()
    const seconds = (now - before) / 1000
    before = now
    shown.accepted += inRow('Accepted (2xx)') * seconds
    shown.refused += inRow('Refused (429, 5xx)') * seconds
    shown.outcomes += outcomes() * seconds
  }, 100)`

const shownBy = (page: Page) =>
  page.evaluate('globalThis.shown') as Promise<{ accepted: number; refused: number; outcomes: number }>

test("the figures on the page are the generator's over a minute of load", { timeout: 150_000 }, async () => {
  const url = system().gateways[0]?.url ?? ''
  const page = await openPage(url)
  await page.waitForSelector('.verdict[data-level="ok"]')
  await page.evaluate(ADD_UP)
  const summary = join(folder, 'summary.json')
  const args = ['--rate', '200', '--duration', '1m', '--seed', '28', '--quiet', '--summary-export', summary]
  const child = Bun.spawn([process.execPath, 'loadgen/main.ts', '--target', url, ...args])
  expect(await child.exited).toBe(0)
  // The rates are those of the last five seconds.
  const rates = `[...document.querySelectorAll('tr')].some((row) =>
    row.cells[0].textContent === 'Accepted (2xx)' && row.cells[1].textContent === '0' && row.cells[2].textContent === '0')`
  await page.waitForFunction(rates)
  const { metrics } = JSON.parse(readFileSync(summary, 'utf8')) as RunResult
  const accepted = (metrics['accepted'] as { count: number }).count
  const refused = (metrics['http_req_failed'] as { passes: number }).passes
  expect(refused).toBeGreaterThan(1_000)
  const shown = await shownBy(page)
  const ratios = {
    accepted: shown.accepted / accepted,
    refused: shown.refused / refused,
    outcomes: shown.outcomes / accepted,
  }
  for (const [figure, ratio] of Object.entries(ratios))
    expect(Math.abs(ratio - 1), `${figure}: ${ratio}`).toBeLessThan(0.02)
})
