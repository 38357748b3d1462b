import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createTestKeys } from '../backbone/access/testing/keys.ts'
import { type KafkaCluster, startKafka } from '../deploy/kafka/start-kafka.ts'
import { startWatchdog, type Watchdog } from '../deploy/watchdog.ts'
import { overview as texts } from '../gateway/console/text/en/overview.ts'
import { kinds } from '../gateway/pages/text/en/kinds.ts'
import { useBrowser } from './browser-pages.ts'
import { checkoutOf } from './checkouts.ts'
import { startSystem, type TestSystem } from './test-system.ts'

const SOON = { timeout: 40_000, interval: 100 }
/** Between the requests of a client. */
const PAUSE_MS = 50
const keys = createTestKeys()
const shop = keys.mint('shop', ['write'])
const operator = keys.mint('operator', ['operate'])
const { openPage } = useBrowser()
const folder = mkdtempSync(join(tmpdir(), 'checkout-page-'))
const closing = new AbortController()
let clients: Promise<void>[] = []
let watchdog: Watchdog
let kafka: KafkaCluster
let system: TestSystem
let overview: Page
let members: Page

beforeAll(async () => {
  watchdog = startWatchdog(folder)
  kafka = await startKafka({ dataDir: join(folder, 'kafka'), brokers: 1, watchdog, log: console.error })
  system = await startSystem({
    brokers: kafka.bootstrap,
    gateways: 1,
    processors: 2,
    settings: { API_KEYS_FILE: keys.path, PUBLISH_TIMEOUT_MS: '1000' },
  })
  clients = Array.from({ length: 4 }, (_, client) => buyAndLook(client))
  overview = await logIn('/')
  members = await openPage(`${gateway()}/console/members`)
})
afterAll(async () => {
  closing.abort()
  await Promise.all(clients)
  await system.stop()
  await watchdog.drain()
  rmSync(folder, { recursive: true, force: true })
})

const gateway = () => system.gateways[0]?.url ?? ''

/** Buyers and visitors who come all the time. */
async function buyAndLook(client: number) {
  for (let number = 0; !closing.signal.aborted; number++) {
    const response = await fetch(`${gateway()}/checkout`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...shop.headers },
      body: JSON.stringify(checkoutOf(client % 2 ? 'none' : 'quick', number)),
    })
    await response.body?.cancel()
    await sleep(PAUSE_MS)
  }
}

async function logIn(path: string): Promise<Page> {
  const page = await openPage(`${gateway()}${path}`)
  await page.type('#key', operator.bearer)
  await page.click('#log-in button')
  await page.waitForSelector('#log-out')
  return page
}

const textOf = (page: Page, selector: string) =>
  page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`) as Promise<string>

/** Cells of a table of the view, by the first cell of their row. */
const rowOf = (page: Page, name: string) =>
  page.evaluate(
    `[...document.querySelectorAll('tr')].filter((row) => row.cells[0]?.textContent === ${JSON.stringify(name)})
      .map((row) => [...row.cells].map((cell) => cell.innerText))[0] ?? []`,
  ) as Promise<string[]>

const valueOf = (page: Page, label: string) =>
  page.evaluate(
    `[...document.querySelectorAll('dt')].find((term) => term.textContent === ${JSON.stringify(label)})
      ?.nextElementSibling.textContent`,
  ) as Promise<string>

const events = () =>
  members.evaluate(
    `[...document.querySelectorAll('.events tbody tr')].map((row) => [...row.cells].slice(1).map((cell) => cell.innerText).join(': '))`,
  ) as Promise<string[]>

const sentence = () => textOf(overview, '.verdict-sentence')
const isWell = () => expect.poll(sentence, SOON).toBe('Buyers get through')

const DAY_SECONDS = 86_400

/** Of the time of day in a verdict: it has a date, too, if that was yesterday. */
const secondsOfDay = (text: string) => {
  const [hours = 0, minutes = 0, seconds = 0] =
    /since .*?(\d+):(\d+):(\d+)/.exec(text)?.slice(1).map(Number) ?? []
  return hours * 3_600 + minutes * 60 + seconds
}

/** Also over midnight. */
const secondsApart = (one: number, other: number) => {
  const apart = Math.abs(one - other)
  return Math.min(apart, DAY_SECONDS - apart)
}

function named(name: string) {
  const instance = system.processors.find(({ child }) => child.name === name)
  if (!instance) throw new Error(`there is no ${name}`)
  return instance
}

test('a frozen processor is named within seconds, with since when, and recovers by itself', async () => {
  await isWell()
  const { child } = named('processor-2')
  const thaw = () => process.kill(child.pid ?? 0, 'SIGCONT')
  onTestFinished(() => void thaw())
  const frozenAt = new Date()
  process.kill(child.pid ?? 0, 'SIGSTOP')
  await expect.poll(sentence, { timeout: 10_000 }).toBe('processor-2 is silent')
  const since = secondsOfDay(await textOf(overview, '.verdict'))
  const frozen = frozenAt.getHours() * 3_600 + frozenAt.getMinutes() * 60 + frozenAt.getSeconds()
  expect(secondsApart(since, frozen)).toBeLessThanOrEqual(2)
  // Another page, with its own stream.
  await expect
    .poll(async () => (await rowOf(members, 'processor-2'))[1], SOON)
    .toMatch(/^✕ Silent\s+since \d/)
  expect((await rowOf(members, 'processor-2')).slice(2, 6)).toEqual(['–', '–', '–', '–'])
  thaw()
  await isWell()
  await expect.poll(async () => (await rowOf(members, 'processor-2'))[1], SOON).toMatch(/^✓ OK/)
  expect(await events()).toEqual(
    expect.arrayContaining([
      'processor-2: Silent: it no longer publishes figures',
      expect.stringMatching(/^processor-2: Back after \d+ s$/),
    ]),
  )
}, 90_000)

test('a killed processor is silent in the list of events, also after a reload and at another processor', async () => {
  const victim = named('processor-1')
  const silent = async () =>
    (await events()).filter((event) => event.startsWith('processor-1: Silent')).length
  const before = await silent()
  await victim.child.kill('SIGKILL')
  await expect.poll(sentence, SOON).toBe('processor-1 is silent')
  await expect.poll(silent, SOON).toBe(before + 1)
  victim.child.start()
  await victim.ready()
  await isWell()
  await members.reload()
  await expect.poll(silent, SOON).toBe(before + 1)
  await named('processor-2').child.kill('SIGKILL')
  await expect.poll(sentence, SOON).toBe('processor-2 is silent')
  await members.reload()
  await expect.poll(silent, SOON).toBe(before + 1)
  named('processor-2').child.start()
  await named('processor-2').ready()
  await isWell()
}, 120_000)

test('while Kafka is away the page says so, and what is unknown; it recovers by itself', async () => {
  await kafka.brokers[0]?.child.kill('SIGKILL')
  // Before the processor, which gets no figures for some seconds, knows why.
  await expect
    .poll(sentence, { timeout: 5_000 })
    .toMatch(/^(Buyers wait for Kafka|Some purchases are refused|No purchase is accepted)$/)
  await expect.poll(sentence, SOON).toBe('No purchase is accepted')
  await expect.poll(() => textOf(overview, '.verdict-others'), SOON).toContain('Kafka does not answer')
  expect(await textOf(overview, '.unknowns')).toMatch(
    /^Figures come through Kafka, which does not answer: only those of gateway-1 and processor-\d are current\.$/,
  )
  // What the gateway answers is known, what is classified is not.
  await expect.poll(async () => (await rowOf(overview, 'Accepted (2xx)'))[1], SOON).toBe('0')
  expect((await rowOf(overview, 'Refused (429, 5xx)'))[1]).toMatch(/^[1-9]/)
  const { notifications, capacity } = texts
  for (const label of [
    kinds.quick,
    notifications.delay99,
    notifications.records,
    notifications.oldest,
    capacity.streams,
  ])
    expect([label, await valueOf(overview, label)]).toEqual([label, '–'])
  expect(await textOf(members, '.unknowns')).toContain('Figures come through Kafka')
  expect(await textOf(members, '#members')).toContain('The brokers are unknown.')
  expect(await rowOf(members, '0')).toMatchObject({ 3: '–', 4: '–', 5: '–', 6: '–' })
  kafka.brokers[0]?.child.start()
  await isWell()
  await expect.poll(() => valueOf(overview, texts.notifications.records), SOON).toMatch(/^\d/)
}, 120_000)

test('a key that is revoked while the page is open ends in the log-in form', async () => {
  keys.keys.splice(
    keys.keys.findIndex(({ id }) => id === operator.id),
    1,
  )
  keys.write()
  for (const page of [overview, members]) await expect.poll(() => textOf(page, 'h1'), SOON).toBe('Log in')
}, 60_000)
