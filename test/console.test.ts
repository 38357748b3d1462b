import type { Page } from 'puppeteer-core'
import { afterEach, describe, expect, test } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import { startApp } from '../gateway/testing/app.ts'
import { useBrowser } from './browser-pages.ts'
import { createConsole } from './create-console.ts'
import { forecastStates } from './forecast-states.ts'
import { textOf, tooWide, violationsOf } from './inspect-page.ts'
import { memberEvents } from './operations-history.ts'
import { states } from './operations-states.ts'

const SOON = { timeout: 15_000 }
const { serve, openPage } = useBrowser()
const opened: Page[] = []
// An open page draws its plots each second.
afterEach(() => Promise.all(opened.splice(0).map((page) => page.close())))

async function openView(url: string, width = 1_400) {
  const page = await openPage('about:blank')
  opened.push(page)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    // The icons of Chromium's own controls are data.
    if (protocol !== 'data:' && origin !== new URL(url).origin) complaints.push(request.url())
  })
  await page.setViewport({ width, height: 900 })
  await page.goto(url)
  return { page, complaints }
}

describe.each([
  ['/', states.large, '.verdict[data-level="bad"]'],
  ['/console/members', states.processorSilent, '.member-tables tbody th'],
  ['/console/forecast', states.allWell, '#calendar tbody th'],
])('the view %s', (path, state, shown) => {
  test('is accessible in both themes and fits a telephone', async () => {
    const { fetch } = createConsole(state)
    const { page, complaints } = await openView(serve(fetch) + path, 380)
    await page.waitForSelector(shown)
    expect(await tooWide(page)).toEqual([])
    expect(await violationsOf(page)).toEqual([])
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
    await page.setViewport({ width: 1_400, height: 900 })
    expect(await violationsOf(page)).toEqual([])
    expect(complaints).toEqual([])
  })
})

// 190: a telephone whose browser zooms to 200 %.
describe.each([190, 320, 768, 1_400])('at %i px', (width) => {
  test.each([
    ['/', '.rates tbody td'],
    ['/console/members', '.member-tables tbody td'],
    ['/console/forecast', '#calendar tbody td'],
  ])('%s is readable without scrolling sideways, also with long names', async (path, shown) => {
    const { fetch } = createConsole(states.longNames)
    const { page } = await openView(serve(fetch) + path, width)
    await page.waitForSelector('.verdict[data-level="bad"], .member-tables tbody th, .forecast tbody th')
    await page.waitForSelector(shown)
    await expect.poll(() => tooWide(page), SOON).toEqual([])
  })
})

test('the cells of a narrow table have their headers, to see and to hear', async () => {
  const { fetch } = createConsole(states.allWell)
  const { page } = await openView(`${serve(fetch)}/console/members`, 320)
  await page.waitForSelector('.stacked tbody td')
  const label = await page.evaluate(
    `getComputedStyle(document.querySelector('.member-tables tbody td'), '::before').content`,
  )
  expect(label).toContain('State')
  const { children = [] } = (await page.accessibility.snapshot({ interestingOnly: false })) ?? {}
  const roles = new Set<string>()
  const visit = (node: { role: string; name?: string; children?: typeof children }) => {
    roles.add(`${node.role} ${node.name ?? ''}`.trim())
    node.children?.forEach(visit)
  }
  children.forEach(visit)
  expect([...roles]).toEqual(
    expect.arrayContaining(['table Gateways', 'columnheader Memory', 'rowheader gateway-1']),
  )
})

test('the verdict changes while the page is open', async () => {
  const { fetch, control } = createConsole(states.allWell)
  const { page } = await openView(serve(fetch))
  await expect.poll(() => textOf(page, '.verdict-sentence'), SOON).toBe('Buyers get through')
  control.state = states.processorSilent
  await expect.poll(() => textOf(page, '.verdict-sentence'), SOON).toBe('processor-2 is silent')
  expect(await page.title()).toBe('✕ processor-2 is silent · Checkout operations')
  expect(await textOf(page, '.verdict-others')).toContain('Notifications are late, and getting later')
  expect(await textOf(page, '.unknowns')).toMatch(
    /^processor-2 has been silent for \d+ s: its figures are not counted\.$/,
  )
})

test('each verdict links to the view that shows more, and a link keeps its focus while figures change', async () => {
  const { fetch, control } = createConsole(states.allWell)
  const { page } = await openView(serve(fetch))
  const links = () =>
    page.evaluate(
      `[...document.querySelectorAll('.verdict a:not([hidden])')].map(({ text, pathname }) => text + ' ' + pathname)`,
    )
  await expect.poll(() => textOf(page, '.verdict-sentence'), SOON).toBe('Buyers get through')
  expect(await links()).toEqual([])
  control.state = states.processorSilent
  const toMembers = states.processorSilent.verdicts.map(() => 'Kafka and members /console/members')
  await expect.poll(links, SOON).toEqual(toMembers)
  await page.focus('.verdict-others a')
  const before = await textOf(page, '.verdict-others .figure')
  await expect.poll(() => textOf(page, '.verdict-others .figure'), SOON).not.toBe(before)
  expect(await page.evaluate(`document.activeElement.matches('.verdict-others a')`)).toBe(true)
})

test('old figures are not shown as new ones, until there are new ones', async () => {
  const { fetch, control } = createConsole(states.allWell)
  const { page } = await openView(serve(fetch))
  await expect.poll(() => textOf(page, '.verdict-sentence'), SOON).toBe('Buyers get through')
  control.isDown = true
  await expect.poll(() => textOf(page, '.verdict-sentence'), SOON).toBe('The state of the system is unknown')
  expect(await textOf(page, '.verdict')).toMatch(/no figures for \d+ sLast known: Buyers get through/)
  expect(await textOf(page, '.unknowns')).toMatch(/^Figures of \d+ s ago/)
  expect(await page.$('[data-stale]')).not.toBeNull()
  control.isDown = false
  await expect.poll(() => textOf(page, '.verdict-sentence'), SOON).toBe('Buyers get through')
  expect(await page.$('[data-stale]')).toBeNull()
})

test('a forecast that is not known says why and until when; one that cannot be read is read again', async () => {
  const { fetch, control } = createConsole(states.allWell)
  control.forecast = forecastStates.unknown
  const url = `${serve(fetch)}/console/forecast`
  const { page } = await openView(url)
  const summary = () => textOf(page, '#forecast > :first-child')
  await expect.poll(summary, SOON).toContain('there is too little history')
  expect(await summary()).toMatch(/known at Dec 1, 2026, \d\d:05:00 if every minute until then is counted/)
  expect(await textOf(page, '.forecast')).toContain('The capacity is unknown until')
  expect(await page.$$('.plots:not([hidden])')).toEqual([])
  control.forecast = forecastStates.known
  await page.reload()
  await expect.poll(summary, SOON).toContain('The band should hold 90 % of the true values.')
  expect(await textOf(page, '.forecast')).toMatch(/From \d\d:\d\d on, more checkouts are expected/)
  control.isDown = true
  await page.reload()
  await expect.poll(() => textOf(page, '#status'), SOON).toContain('Results unavailable')
  expect(await page.$('[data-stale]')).not.toBeNull()
  expect(await summary()).toBe('Loading …')
  control.isDown = false
  await expect.poll(summary, SOON).toContain('The band should hold')
  expect(await page.$('[data-stale]')).toBeNull()
  expect(await textOf(page, '#status')).toBe('')
})

test('the events are there again after a reload, the newest first', async () => {
  const { fetch } = createConsole(states.allWell)
  const { page } = await openView(`${serve(fetch)}/console/members`)
  const sentences = () =>
    page.evaluate(
      `[...document.querySelectorAll('.events td:last-child')].map(({ textContent }) => textContent)`,
    ) as Promise<string[]>
  await expect.poll(sentences, SOON).toHaveLength(memberEvents.length)
  await page.reload()
  await expect.poll(sentences, SOON).toHaveLength(memberEvents.length)
  const all = await sentences()
  expect([all.at(0), all.at(-1)]).toEqual([
    'No longer sends reads to http://127.0.0.1:8091, which does not answer',
    'Started',
  ])
})

test('with keys, the form opens a session with a key that may operate, and no other', async () => {
  const keys = createTestKeys()
  const operator = keys.mint('ops', ['operate', 'read'])
  const web = keys.mint('web', ['write', 'read'])
  const { app } = startApp({ access: keys.open().access })
  const { page } = await openView(serve(app.fetch), 380)
  expect(await violationsOf(page)).toEqual([])
  const submit = async (key: string) => {
    await page.evaluate(`document.getElementById('key').value = ''`)
    await page.type('#key', key)
    await page.click('#log-in button')
  }
  await submit('nobody’s key')
  await expect.poll(() => textOf(page, '#log-in-fault'), SOON).toContain('unknown, expired or revoked')
  await submit(web.bearer)
  await expect.poll(() => textOf(page, '#log-in-fault'), SOON).toContain('lacks the scope operate')
  await submit(operator.bearer)
  await page.waitForSelector('#log-out')
  expect(await textOf(page, 'h1')).toBe('Overview')
  await Promise.all([page.waitForNavigation(), page.click('#log-out')])
  expect(await textOf(page, 'h1')).toBe('Log in')
})

test('a search of millions shows its progress, can be stopped, and continues where it was', async () => {
  const { fetch: ofConsole } = createConsole(states.allWell)
  const asked: (string | null)[] = []
  const isHeld = { yes: true }
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname !== '/checkouts') return ofConsole(request)
    const cursor = searchParams.get('cursor')
    asked.push(cursor)
    if (cursor === null) return Response.json({ items: [], next: 'older', remaining: 2_400_000 })
    while (isHeld.yes && !request.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 20))
    return Response.json({ items: [foundOutcome] })
  }
  const { page } = await openView(`${serve(fetch)}/console/checkouts#text=Rare+thing`)
  const status = () => textOf(page, '#status')
  await expect.poll(status, SOON).toBe('Nothing found yet; 2,400,000 older outcomes are left to search …')
  await page.focus('#stop')
  await page.keyboard.press('Enter')
  await expect.poll(status, SOON).toBe('Search stopped; 2,400,000 older outcomes are not searched.')
  isHeld.yes = false
  await page.keyboard.press('Enter')
  await expect.poll(status, SOON).toBe('1 outcome of product “Rare thing”.')
  expect(asked).toEqual([null, 'older', 'older'])
  expect(await page.$$('#stop:not([hidden]), #older:not([hidden])')).toEqual([])
})

const foundOutcome = {
  eventId: 'c0ffee',
  kind: 'quick',
  classifiedAt: '2026-06-01T18:04:11.000Z',
  source: { partition: 0, offset: 7 },
}

test('of a thousand partitions the most severe are listed, and how many others there are', async () => {
  const partitions = states.allWell.partitions.map((each) => ({ ...each, partition: each.partition + 994 }))
  const leftOut = { partitions: 994, belowMinIsr: 0, underReplicated: 0 }
  const members = states.allWell.members.map((member) =>
    member.processor
      ? {
          ...member,
          processor: { ...member.processor, partitions: Array.from({ length: 333 }, (_, n) => n) },
        }
      : member,
  )
  const { fetch } = createConsole({ ...states.allWell, members, partitions, leftOut })
  const { page } = await openView(`${serve(fetch)}/console/members`, 380)
  await expect.poll(() => textOf(page, '.of-kafka'), SOON).toContain('994 others are not')
  expect(await textOf(page, '.of-members')).toContain('0–332')
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(380)
})

// Last, because browsers share cookies among the ports of a host.
test('language and theme are kept, on every view', async () => {
  const { fetch } = createConsole(states.allWell)
  const url = serve(fetch)
  const { page } = await openView(url)
  await Promise.all([page.waitForNavigation(), page.select('#language', 'es')])
  await page.select('#theme', 'dark')
  await page.goto(`${url}/console/members`)
  expect(await textOf(page, 'h1')).toBe('Kafka y procesos')
  await expect.poll(() => textOf(page, '.member-tables caption'), SOON).toBe('Gateways')
  expect(await page.evaluate('getComputedStyle(document.body).colorScheme')).toBe('dark')
})
