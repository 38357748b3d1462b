import { Hono, type MiddlewareHandler } from 'hono'
import pino from 'pino'
import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import type { AccessEnv } from '../backbone/access/authenticate.ts'
import { ProblemError, problemResponse } from '../backbone/problem.ts'
import type { Timeline } from '../backbone/timeline/timeline.ts'
import { consoleRoutes } from '../gateway/console/console-routes.ts'
import { useBrowser } from './browser-pages.ts'
import { violationsOf } from './inspect-page.ts'
import { accepted, classified, EVENT } from './timelines.ts'

const SOON = { timeout: 15_000 }
const { serve, openPage } = useBrowser()

/** The view on a gateway that has these answers, one after the other; the last one again and again. */
async function openView(answers: (Timeline | undefined)[], width = 1_400) {
  const app = new Hono<AccessEnv>()
  const pass: MiddlewareHandler<AccessEnv> = (_, next) => next()
  const log = pino({ level: 'silent' })
  consoleRoutes(app, { ofAddress: pass, mayOperate: pass, onInternal: () => undefined, log })
  const waits: (string | undefined)[] = []
  app.get('/checkouts/:eventId/timeline', (context) => {
    expect(context.req.param('eventId')).toBe(EVENT)
    const answer = answers[Math.min(waits.length, answers.length - 1)]
    waits.push(context.req.header('prefer'))
    return answer ? context.json(answer) : problemResponse(new ProblemError('unknown-event'))
  })
  const page = await openPage('about:blank')
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.setViewport({ width, height: 900 })
  await page.emulateTimezone('America/Santiago')
  await page.goto(`${serve(app.fetch)}/console/checkouts/${EVENT}`)
  return { page, waits, complaints }
}

const texts = (page: Page, selector: string) =>
  page.evaluate(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].map(({ innerText }) => innerText)`,
  ) as Promise<string[]>

test('shows each step with its time, the time since the step before, and its place', async () => {
  const { page, complaints } = await openView([classified])
  await expect.poll(() => texts(page, '.timeline .step'), SOON).toHaveLength(10)
  expect(await texts(page, '.timeline .step')).toEqual([
    'Received by a gateway',
    'Corrected',
    'Unknown fields were not stored',
    'Stored in Kafka',
    'The partition got a new owner',
    'Classified: Quick purchase',
    "Outcome sent to the customer's stream",
    'Sent again, nothing changed',
    'Outcome sent in an answer for this customer',
    'Sent again with another body',
  ])
  const when = await texts(page, '.timeline .when')
  expect(when[0]).toMatch(/^12:14:18\.000$/)
  expect(when[3]).toMatch(/^12:14:18\.004\n?\s*\+4\.0 ms$/)
  expect(when[1]).toBe('')
  expect(when[4]).toMatch(/\+2\.0 s$/)
  expect(when[9]).toMatch(/\+1 d 1 h$/)
  expect(await texts(page, '.timeline .day')).toEqual(['November 29, 2026', 'November 30, 2026'])
  const what = await texts(page, '.timeline .what')
  expect(what[0]).toMatch(/gateway-1\s+request proxy:77/)
  expect(what[2]).toContain('/direcion did you mean direccion?')
  expect(what[5]).toContain('processor-2 · Notifications, partition 3, offset 11005')
  expect(await texts(page, '#timeline-notes p')).toEqual([
    'There was not enough time to read everything: repetitions may be missing.',
    'Searched for repetitions from offset 10412 to 15413',
    'An outcome is sent when it is written to the connection. Whether it arrived, and whether a person read it, is not known.',
    expect.stringMatching(/^Deliveries to other readers are known since Nov 29, 2026, 12:14:48/),
  ])
  expect(what[6]).toMatch(/^Outcome sent to the customer's stream\s+processor-1$/)
  expect(what[8]).toMatch(/processor-2\s+without a credential of the customer/)
  expect(await texts(page, '.message')).toEqual([classified.outcome?.message])
  const stages = (await texts(page, '.checkout-data tbody tr')).map((row) => row.split(/\s*[\n\t]\s*/))
  expect(stages).toEqual([
    ['catalogo', '5 min', '–'],
    ['pago', 'slowest', '15 min 5 s', '51'],
  ])
  expect(await texts(page, '.fields dt')).not.toContain('recorrido')
  expect(complaints).toEqual([])
})

test.each([
  [[], 'The outcome has not been sent to the customer so far.'],
  [
    [{ reason: 'processor-silent', what: ['streamed', 'read'], detail: 'http://b: refused' }],
    'Since Nov 29, 2026, 12:13:18, no processor that answered has sent the outcome to the customer.',
  ],
] as const)('says that it was not sent, as far as that is known', async (incomplete, expected) => {
  const steps = classified.steps.filter(({ what }) => what !== 'streamed' && what !== 'read')
  const missing = incomplete.map((each) => ({ ...each, what: [...each.what] }))
  const { page } = await openView([{ ...classified, steps, incomplete: missing }])
  await expect.poll(() => texts(page, '#timeline-notes .hint'), SOON).toContain(expected)
  expect(await texts(page, '#timeline-notes .warn')).toEqual(
    incomplete.map(() => 'A processor did not answer: whether it has sent the outcome is unknown.'),
  )
})

test('waits for an event that is not there yet, and for its outcome', async () => {
  const { page, waits } = await openView([undefined, undefined, accepted, classified])
  await expect
    .poll(() => texts(page, '#status'), SOON)
    .toEqual(['There is no such event yet. Waiting for it …'])
  await expect.poll(() => texts(page, '.timeline .step'), SOON).toEqual(['Stored in Kafka'])
  expect(await texts(page, '#status')).toEqual(['Stored, but not classified yet. Waiting for it …'])
  await expect.poll(() => texts(page, '.timeline .step'), SOON).toHaveLength(10)
  expect(waits).toEqual([undefined, 'wait=25', 'wait=25', 'wait=25'])
})

test('is accessible in both themes and fits a telephone', async () => {
  const { page } = await openView([classified], 380)
  await page.waitForSelector('.timeline li')
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(380)
  expect(await violationsOf(page)).toEqual([])
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
  await page.setViewport({ width: 1_400, height: 900 })
  expect(await violationsOf(page)).toEqual([])
})
