import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import type { MessagesInForce } from '../backbone/messages/messages-in-force.ts'
import type { Outcome } from '../backbone/records/outcome.ts'
import { checkoutOf } from './checkouts.ts'
import { textOf } from './inspect-page.ts'
import { faultsOf, useViews } from './open-view.ts'
import { readTopic } from './read-topic.ts'
import { useSystem } from './use-system.ts'

const folder = mkdtempSync(join(tmpdir(), 'messages-'))
afterAll(() => rmSync(folder, { recursive: true }))
const rules = {
  defaultLanguage: 'es',
  languageByCountry: { Scotland: 'en' },
  kinds: [
    { kind: 'express', untilMinutes: 5, followUp: true },
    { kind: 'quick' },
    { kind: 'slow', followUp: true },
  ],
}
writeFileSync(join(folder, 'rules.json'), JSON.stringify(rules))
for (const kind of ['express', 'quick', 'slow']) {
  writeFileSync(join(folder, `${kind}.es.txt`), `${kind}: <b>{nombre}</b>, {minutos} minutos en {tienda}\n`)
  writeFileSync(join(folder, `${kind}.en.txt`), `${kind}: <b>{nombre}</b>, {minutos} minutes at {tienda}\n`)
}

writeFileSync(join(folder, 'slow.en.recorrido.txt'), '{{slow}: {minutos_etapa} minutes in {etapa_lenta}\n')

const views = useViews()
const system = useSystem({
  gateways: 1,
  processors: 2,
  settings: { MESSAGES_DIR: folder, QUICK_MINUTES: '20' },
})
const SOON = { timeout: 20_000, interval: 100 }
const call = (path: string, init?: RequestInit) => fetch(`${system().gateways[0]?.url}${path}`, init)

const posting = (body: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', prefer: 'wait=20' },
  body: JSON.stringify(body),
})
async function outcomeOf(taps: number, pais: string): Promise<Outcome> {
  const checkout = checkoutOf('quick', Math.round(taps * 10))
  const answer = await call(
    '/checkout',
    posting({ ...checkout, taps, ubicacion: { ...checkout.ubicacion, pais } }),
  )
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { outcome: Outcome }).outcome
}

const itemsOf = async (query: string) =>
  ((await (await call(`/notifications?from=earliest&${query}`)).json()) as { items: Outcome[] }).items

test('a kind of the rules has its messages, and is followed up, filtered, streamed and counted', async () => {
  const express = await outcomeOf(4.5, 'scotland')
  const quick = await outcomeOf(19, 'Chile')
  const slow = await outcomeOf(21, 'Chile')
  const { nombre } = express.checkout as { nombre: string }
  expect([express, quick, slow].map(({ kind, message }) => [kind, message])).toEqual([
    ['express', `express: <b>${nombre}</b>, 4.5 minutes at Falabella`],
    ['quick', expect.stringMatching(/^quick: .* 19 minutos en Falabella$/)],
    ['slow', expect.stringMatching(/^slow: /)],
  ])
  const all = [express, quick, slow].map(({ eventId }) => eventId)
  for (const [query, ids] of [
    ['kind=express', [express.eventId]],
    ['kind=quick,slow', all.slice(1)],
    ['', all],
    ['kind=all', all],
    ['kind=not-in-these-rules', []],
  ] as const)
    expect(new Set((await itemsOf(query)).map(({ eventId }) => eventId)), query).toEqual(new Set(ids))

  const stream = await call('/notifications/stream?kind=express&from=earliest')
  let frames = ''
  for await (const text of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    frames += text
    if (frames.includes('event: notification')) break
  }
  expect(frames).toContain(`"eventId":"${express.eventId}","kind":"express"`)
  const csv = await (await call('/notifications/export?format=csv&kind=express')).text()
  expect(csv.split('\r\n')[1]).toMatch(new RegExp(`^"${express.eventId}","express",`))

  await vi.waitFor(async () => {
    const followedUp = await readTopic(system().brokers, system().topics.followUp)
    expect(new Set(followedUp.map(({ key }) => key))).toEqual(new Set([express.eventId, slow.eventId]))
  }, SOON)
  await vi.waitFor(async () => {
    const { totals } = (await (await call('/operations')).json()) as { totals: { outcomes: object } }
    expect(totals.outcomes).toMatchObject({ express: 1 })
  }, SOON)
  const metrics = await Promise.all(
    system().processors.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
  )
  expect(metrics.filter((text) => text.includes('checkout_outcomes_total{kind="express"} 1'))).toHaveLength(1)
})

test('gateways say what is in force, and show what a checkout would get', async () => {
  const { source, kinds } = (await (await call('/messages')).json()) as MessagesInForce
  expect([source, ...kinds.map(({ kind, untilMinutes }) => [kind, untilMinutes])]).toEqual([
    'MESSAGES_DIR',
    ['express', 5],
    ['quick', 20],
    ['slow', null],
  ])
  const checkout = { ...checkoutOf('slow', 1), nombre: '{folio}' }
  const shown = await call('/messages/preview', posting({ checkout, language: 'en' }))
  expect([shown.status, await shown.json()]).toMatchObject([
    200,
    {
      kind: 'slow',
      language: 'en',
      template: 'slow.en.txt',
      message: expect.stringContaining('<b>{folio}</b>'),
    },
  ])
  const refused = await call('/messages/preview', posting({ checkout: { ...checkout, edad: -1 } }))
  expect([refused.status, await refused.json()]).toMatchObject([422, { errors: [{ pointer: '/edad' }] }])
})

test('the page shows the rules with their templates, and previews messages as they are sent', async () => {
  const url = `${system().gateways[0]?.url}/console/messages`
  const { page, complaints } = await views.open(url, { width: 380 })
  await page.waitForSelector('#sample')
  const rows = await page.$$eval('tbody tr', (found) =>
    found.map(({ cells }) => [...cells].slice(0, 3).map(({ textContent }) => textContent)),
  )
  expect(rows).toEqual([
    ['express', 'up to 5 min', 'Yes'],
    ['Quick purchase', 'up to 20 min', 'No'],
    ['Slow purchase', 'longer', 'Yes'],
  ])
  expect(await textOf(page, '.facts')).toContain('English (en)scotland')
  const templates = await page.$$eval('.template .exact', (found) => found.map(({ innerHTML }) => innerHTML))
  expect(templates).toHaveLength(7)
  expect(templates).toContain(
    'quick: &lt;b&gt;<mark>{nombre}</mark>&lt;/b&gt;, <mark>{minutos}</mark> minutes at <mark>{tienda}</mark>',
  )
  expect(templates).toContain('{{slow}: <mark>{minutos_etapa}</mark> minutes in <mark>{etapa_lenta}</mark>')

  const preview = async (checkout: object, language: string) => {
    await page.$eval(
      '#sample',
      (field, text) => Object.assign(field, { value: text }),
      JSON.stringify(checkout),
    )
    await page.select('#preview-language', language)
    await page.click('.preview-form [type=submit]')
    await page.waitForSelector('#preview-result .facts, .preview-form .bad:not(:empty)')
    return page.$eval('#preview-result', ({ children }) =>
      [...children].map(({ textContent }) => textContent),
    )
  }
  const checkout = { ...checkoutOf('slow', 1), nombre: '<i>{folio}</i>', taps: 41 }
  expect(await preview(checkout, 'es')).toContain('slow: <b><i>{folio}</i></b>, 41 minutos en Falabella')
  const [facts, , message] = await preview(checkout, 'en')
  expect(facts).toContain('slow.en.txt')
  expect(facts).toContain('{minutos_etapa}, {etapa_lenta}. The template for recorrido needs them.')
  expect(message).toBe('slow: <b><i>{folio}</i></b>, 41 minutes at Falabella')
  const path = [{ etapa: 'pago', segundos: 2_460 }]
  expect(await preview({ ...checkout, recorrido: path }, 'en')).toContain('{slow}: 41 minutes in pago')
  expect(await faultsOf(page)).toEqual([])
  await page.setViewport({ width: 1_400, height: 900 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
  expect(await preview({ ...checkout, edad: 131 }, '')).toEqual([])
  expect(await textOf(page, '.preview-form .bad')).toBe('No preview: fix these fields.')
  expect(await textOf(page, '#sample-faults')).toContain('/edad')
  expect(await faultsOf(page)).toEqual([])
  // The refusal itself.
  expect(complaints).toEqual([expect.stringContaining('422')])
})
