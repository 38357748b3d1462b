import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import type { DeadLetterDetails } from '../backbone/records/dead-letter.ts'
import { eventIdOfRedrive } from '../backbone/records/event-id.ts'
import { startApp } from '../gateway/testing/app.ts'
import { useBrowser } from './browser-pages.ts'
import { textOf, violationsOf } from './inspect-page.ts'
import { didNotBuy } from './sample-checkouts.ts'

const SOON = { timeout: 15_000 }
const { serve, openPage } = useBrowser()

const RANGE = { pointer: '/edad', code: 'range', detail: 'must be a whole number from 0 to 130' } as const

function letterOf(number: number, more: Partial<DeadLetterDetails> = {}): DeadLetterDetails {
  const text = JSON.stringify({ ...didNotBuy, edad: 200 + number })
  return {
    id: `${'5d1c0e6c'.repeat(4)}-p2-o${number}`,
    reason: 'invalid-checkout',
    detail: `invalid checkout: /edad (range) ${RANGE.detail}`,
    faults: [RANGE],
    source: { topic: 'DataTopic', partition: 2, offset: number },
    place: { partition: 2, offset: number },
    owner: 'anonymous',
    receivedAt: new Date(Date.now() - number * 60_000 - 1_000).toISOString(),
    at: new Date(Date.now() - number * 60_000).toISOString(),
    size: text.length,
    redriven: null,
    key: null,
    payload: { text },
    ...more,
  }
}

function withoutBytes(letter: DeadLetterDetails) {
  const { key: _, payload: __, ...item } = letter
  return item
}

/** A gateway, and a processor that has these dead letters and knows what becomes of them. */
function startWith(letters: DeadLetterDetails[]) {
  const { app, results, publish } = startApp()
  results.mockImplementation(async ({ url }) => {
    const { pathname, searchParams } = new URL(url)
    const [, , id] = pathname.split('/')
    if (id !== undefined) {
      const found = letters.find((letter) => letter.id === id)
      return found ? Response.json(found) : new Response(null, { status: 404 })
    }
    const wanted = searchParams.get('redriven')
    const reason = searchParams.get('reason')
    const matching = letters.filter(
      (letter) =>
        (wanted === null || String(letter.redriven !== null) === wanted) &&
        (reason === null || letter.reason === reason),
    )
    const from = Number(searchParams.get('cursor') ?? 0)
    const until = from + Number(searchParams.get('limit'))
    const items = matching.slice(from, until).map(withoutBytes)
    return Response.json({
      items,
      next: until < matching.length ? String(wanted === 'false' ? from : until) : null,
    })
  })
  publish.mockImplementation(async ({ partitionAmong, headers, value }) => {
    const partition = partitionAmong(6)
    const letter = letters.find(({ id }) => id === headers['redrive-of'])
    const at = String(headers['redrive-at'])
    const eventId = eventIdOfRedrive(letter!.id, 0)
    letter!.redriven = {
      eventId,
      kind: 'none',
      by: 'anonymous',
      at,
      outcome: {
        eventId,
        kind: 'none',
        message: null,
        checkout: JSON.parse(value),
        receivedAt: letter!.receivedAt,
        classifiedAt: at,
        source: { partition, offset: 0 },
      },
    }
    return { partition, offset: 0 }
  })
  return { url: `${serve(app.fetch)}/console/dead-letters`, publish }
}

async function open(url: string, width = 1_400): Promise<Page> {
  const page = await openPage('about:blank')
  await page.setViewport({ width, height: 900 })
  await page.goto(url)
  await page.waitForSelector('#list tbody th')
  return page
}

test('one is found, corrected and sent again by keyboard; faults are at their fields', async () => {
  const { url, publish } = startWith([letterOf(1), letterOf(2, { reason: 'other', faults: [] })])
  const page = await open(url)
  await page.focus('#list tbody a')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#payload')
  expect(await textOf(page, '.payload mark')).toBe('  "edad": 201,')
  expect(await textOf(page, '.payload .bad')).toContain(RANGE.detail)

  // Still wrong: nothing is stored, and the faults are shown again.
  await page.focus('.letter-editor button[type=submit]')
  await page.keyboard.press('Enter')
  await expect.poll(() => textOf(page, '.letter-editor [role=alert]'), SOON).toContain('Not sent')
  expect(await textOf(page, '#payload-faults')).toContain(`/edad ${RANGE.detail}`)
  expect(publish).not.toHaveBeenCalled()

  // The button of a fault selects its field.
  await page.focus('#payload-faults button')
  await page.keyboard.press('Enter')
  const selected = `(({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd))(document.getElementById('payload'))`
  expect(await page.evaluate(selected)).toBe('  "edad": 201,')
  await page.keyboard.type('  "edad": 63,')
  await page.focus('.letter-editor button[type=submit]')
  await page.keyboard.press('Enter')
  await expect.poll(() => textOf(page, '#status'), SOON).toContain('Sent again. Outcome: Visit.')
  expect(publish).toHaveBeenCalledTimes(1)
  expect(JSON.parse(publish.mock.calls[0]![0].value)).toEqual(didNotBuy)
  expect(await textOf(page, '#detail .facts')).toContain('Visit, by anonymous')
  await expect.poll(() => textOf(page, '#list tbody tr'), SOON).toContain('Visit, anonymous')
  // Closed, it leaves the viewer where the viewer was.
  await page.focus('.letter-head button')
  await page.keyboard.press('Enter')
  expect(await page.evaluate('document.activeElement.dataset.letter')).toBe(letterOf(1).id)
  await page.goBack()
  await expect.poll(() => textOf(page, '#detail .facts'), SOON).toContain('Visit, by anonymous')
  // The address opens the same one again.
  await page.reload()
  await expect.poll(() => textOf(page, '#detail .facts'), SOON).toContain('Visit, by anonymous')
})

test('all that match are sent with a patch, cancelled half-way and continued', async () => {
  const letters = [...Array(120).keys()].map((number) => letterOf(number))
  const { url, publish } = startWith(letters)
  const page = await open(url)
  page.on('dialog', (dialog) => void dialog.accept())
  await page.type('#patch', '{"edad": 40}')
  const press = (name: string) =>
    page.evaluate(
      `[...document.querySelectorAll('#bulk button')].find(({ textContent, hidden }) => textContent === ${JSON.stringify(name)} && !hidden).click()`,
    )
  const store = publish.getMockImplementation()!
  const cancelled = Promise.withResolvers<void>()
  publish.mockImplementation(async (record) => {
    await cancelled.promise
    return store(record)
  })
  await press('Send all that match')
  await expect.poll(() => publish.mock.calls.length, SOON).toBeGreaterThan(0)
  await press('Cancel')
  cancelled.resolve()
  await expect.poll(() => textOf(page, '#bulk [role=status]'), SOON).toContain('Cancelled: 50 sent')
  const eventIds = () => new Set(publish.mock.calls.map(([{ headers }]) => headers['event-id']))
  expect(eventIds().size).toBe(50)
  await press('Continue')
  await expect
    .poll(() => textOf(page, '#bulk [role=status]'), SOON)
    .toContain('Finished: 120 sent, 0 not sent')
  expect(eventIds().size).toBe(120)
})

test('all that match are those of the filter, of its owner, too', async () => {
  const { url } = startWith([letterOf(1)])
  const page = await open(
    `${url}?owner=kiosk&reason=invalid-checkout&redriven=false&since=2026-01-01T00:00:00.000Z`,
  )
  page.on('dialog', (dialog) => void dialog.accept())
  const sent: unknown[] = []
  await page.setRequestInterception(true)
  page.on('request', (request) => {
    if (request.method() !== 'POST') return void request.continue()
    sent.push(JSON.parse(request.postData() ?? ''))
    const body = JSON.stringify({ results: [], next: null })
    return void request.respond({ status: 200, contentType: 'application/json', body })
  })
  await page.$eval('#bulk button', (button) => button.click())
  await expect.poll(() => sent, SOON).toHaveLength(1)
  const filter = { owner: 'kiosk', reason: ['invalid-checkout'], since: '2026-01-01T00:00:00.000Z' }
  expect(sent).toEqual([{ ...filter, limit: 50 }])
})

test('says why all that match are refused, and offers no continuation that cannot work', async () => {
  const { url } = startWith([letterOf(1)])
  const page = await open(url)
  page.on('dialog', (dialog) => void dialog.accept())
  await page.setRequestInterception(true)
  page.on('request', (request) => {
    if (request.method() !== 'POST') return void request.continue()
    const problem = { type: 'urn:problem-type:checkout:forbidden', title: 'Forbidden', status: 403 }
    const detail = 'The scope personal is required'
    return void request.respond({
      status: 403,
      contentType: 'application/problem+json',
      body: JSON.stringify({ ...problem, detail }),
    })
  })
  await page.$eval('#bulk button', (button) => button.click())
  const statusOf = () => textOf(page, '#bulk [role=status]')
  await expect.poll(statusOf, SOON).toBe('0 sent, then refused. Forbidden: The scope personal is required')
  expect(
    await page.$$eval('#bulk button:not([hidden])', (buttons) => buttons.map((one) => one.textContent)),
  ).toEqual(['Send all that match'])
})

test.each(['en', 'es'])('is accessible in both themes and fits a telephone: %s', async (language) => {
  const { url } = startWith([
    letterOf(1),
    letterOf(2, { reason: 'no-value', payload: null, faults: [] }),
    letterOf(3, { reason: 'not-utf-8', payload: { base64: '//57' }, faults: [] }),
  ])
  const page = await openPage('about:blank')
  await page.setExtraHTTPHeaders({ 'accept-language': language })
  await page.setViewport({ width: 380, height: 900 })
  for (const number of [1, 3]) {
    await page.goto(`${url}?id=${letterOf(number).id}`)
    await page.waitForSelector('#payload')
    await page.waitForSelector('#list tbody th')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(380)
    expect(await violationsOf(page)).toEqual([])
  }
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
  await page.setViewport({ width: 1_400, height: 900 })
  expect(await violationsOf(page)).toEqual([])
})

test('without the scope personal it says what is missing, and offers no sending', async () => {
  const item = withoutBytes(letterOf(1))
  const { url } = startWith([{ ...item, withheld: ['key', 'payload'] }])
  const page = await open(`${url}?id=${item.id}`)
  await expect.poll(() => textOf(page, '#detail .notice'), SOON).toContain('lacks the scope personal')
  expect(await page.$('#payload')).toBeNull()
})
