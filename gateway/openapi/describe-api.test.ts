import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import type { ApiKey } from '../../backbone/access/api-key.ts'
import type { Scope } from '../../backbone/access/identity.ts'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import {
  checkoutsQuerySchema,
  exportQuerySchema,
  notificationsQuerySchema,
} from '../../backbone/http/notifications-query.ts'
import { type ProblemCode, ProblemError, problemResponse } from '../../backbone/problem.ts'
import type { Outcome } from '../../backbone/records/outcome.ts'
import { describeMessages } from '../../processor/messages/describe-messages.ts'
import { builtInFiles } from '../../processor/testing/messages.ts'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import * as timelines from '../../test/timelines.ts'
import { MOST_RECORDS } from '../checkout/read-batch.ts'
import { startApp } from '../testing/app.ts'
import { loadFigures } from '../testing/load-figures.ts'
import { describeApi } from './describe-api.ts'

const api = describeApi()
const EVENT = 'f'.repeat(32)
const outcome: Outcome = {
  eventId: EVENT,
  kind: 'quick',
  message: 'Estimad@ Scarlett',
  checkout: boughtQuickly,
  receivedAt: '2026-11-30T12:00:00.000Z',
  classifiedAt: '2026-11-30T12:00:00.010Z',
  source: { partition: 3, offset: 0 },
}
const classified = { status: 'classified', outcome }

type App = ReturnType<typeof startApp>
type Ask = (app: App) => Promise<Response> | Response

/** Header of a page after DNS rebinding. */
const rebound = { host: 'evil.example' }
const json = { 'content-type': 'application/json' }
const checkout = (headers: Record<string, string> = {}, body: unknown = boughtQuickly): Ask => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return ({ app }) =>
    app.request('/checkout', { method: 'POST', headers: { ...json, ...headers }, body: text })
}
const batch = (body: unknown, headers: Record<string, string> = {}): Ask => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return ({ app }) =>
    app.request('/checkout/batch', { method: 'POST', headers: { ...json, ...headers }, body: text })
}
const load = (headers: Record<string, string> = {}, body: unknown = loadFigures): Ask => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return ({ app }) =>
    app.request('/operations/load', { method: 'POST', headers: { ...json, ...headers }, body: text })
}
const unpublished: Ask = (app) => {
  app.publishLoad.mockRejectedValue(new Error('Kafka does not answer'))
  return load()(app)
}
const get =
  (path: string, headers: Record<string, string> = {}): Ask =>
  ({ app }) =>
    app.request(path, { headers })
const served =
  (answer: () => Response | Promise<Response>, ask: Ask): Ask =>
  (app) => {
    app.results.mockImplementation(async () => answer())
    return ask(app)
  }
const publishing =
  (failure: Error, ask: Ask): Ask =>
  (app) => {
    app.publish.mockRejectedValue(failure)
    return ask(app)
  }
const unready: Ask = (app) => {
  app.checks.mockReturnValue([{ name: 'kafka', status: 'fail', detail: 'Kafka does not answer' }])
  return app.app.request('/health/ready')
}
const stalled =
  (path: string): Ask =>
  ({ app }) =>
    app.request(path, { method: 'POST', headers: json, body: new ReadableStream() })
const guarded = (
  ask: (headers: Record<string, string>) => Ask,
  scopes: Scope[] = ['write', 'read'],
  more: Partial<ApiKey> = {},
): Ask => {
  const keys = createTestKeys()
  const { headers } = keys.mint('web', scopes, more)
  const { access } = keys.open()
  return () => ask(headers)(startApp({ access }))
}
/** For each operation that authenticates. */
const accessOf = (
  operation: string,
  ask: (headers: Record<string, string>) => Ask,
  scopes: Scope[] = ['write', 'read'],
  otherScopes: Scope[] = ['operate'],
): [string, string, Ask][] => [
  [operation, '401 unauthenticated', guarded(() => ask({}))],
  [operation, '403 forbidden', guarded(ask, otherScopes)],
  [operation, '429 rate-limited', guarded((headers) => twice(ask(headers)), scopes, { rate: 0.1 })],
]
const twice =
  (ask: Ask): Ask =>
  async (app) => {
    await ask(app)
    return ask(app)
  }
const unsigned = (ask: (headers: Record<string, string>) => Ask, scopes?: Scope[]) =>
  guarded(ask, scopes, { signed: true })
const postTo =
  (path: string) =>
  (body: unknown, headers: Record<string, string> = {}): Ask =>
  ({ app }) =>
    app.request(path, {
      method: 'POST',
      headers: { ...json, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
/** For each operation that takes a JSON body and no query. */
const bodiesOf = (
  operation: string,
  path: string,
  body: unknown,
  scopes: Scope[],
): [string, string, Ask][] => [
  [operation, '401 bad-signature', unsigned((headers) => postTo(path)(body, headers), scopes)],
  [operation, '400 malformed-json', postTo(path)('{')],
  [operation, '400 invalid-request', postTo(`${path}?x=1`)(body)],
  [operation, '408 body-timeout', stalled(path)],
  [operation, '413 body-too-large', postTo(path)(' '.repeat(5_000))],
  [operation, '415 unsupported-media-type', postTo(path)(body, { 'content-type': 'text/plain' })],
]
const postSession =
  (headers: Record<string, string>): Ask =>
  ({ app }) =>
    app.request('/session', { method: 'POST', headers })
const failing = (failure: Error) => () => Promise.reject(failure)
const refusedBy = (code: ProblemCode) => () => problemResponse(new ProblemError(code))
const faulty = { ...boughtQuickly, edad: 131 }
const reused: Ask = async (app) => {
  await checkout({ 'idempotency-key': 'k' })(app)
  return checkout({ 'idempotency-key': 'k' }, { ...boughtQuickly, folio: 'SRZ-0001' })(app)
}
const replayedCorrected: Ask = async (app) => {
  await checkout({}, { ...boughtQuickly, edad: '44' })(app)
  return checkout({}, { ...boughtQuickly, edad: '44' })(app)
}

/** With a load at which only purchases are admitted. */
const full =
  (ask: Ask): Ask =>
  (app) => {
    for (let n = 0; n < 100; n++) app.admission.enter('browse')
    for (let n = 0; n < 10; n++) app.admission.enter('read')
    for (let n = 0; n < 2; n++) app.admission.enter('operate')
    return ask(app)
  }

/** All reads fail in the same way. */
const readsOf = (operation: string, path: string, ...scopes: Scope[][]): [string, string, Ask][] => [
  ...accessOf(operation, (headers) => get(path, headers), ...scopes),
  [operation, '500 internal', served(failing(new Error('a bug')), get(path))],
  [operation, '503 overloaded', full(get(path))],
  [operation, '503 results-unavailable', get(path)],
  [operation, '503 draining', served(failing(new ProblemError('draining')), get(path))],
]
/** Without a processor, the gateway answers itself. */
const statesOf = (operation: string, path: string): [string, string, Ask][] => [
  ...accessOf(operation, (headers) => get(path, headers), ['operate'], ['read']),
  [operation, '400 invalid-request', get(`${path}?verbose=1`)],
  [operation, '500 internal', served(failing(new Error('a bug')), get(path))],
  [operation, '503 overloaded', full(get(path))],
  [operation, '503 draining', served(failing(new ProblemError('draining')), get(path))],
]
const page = () => Response.json({ items: [outcome], next: 'AQYC', gap: [{ partition: 3, from: 3, to: 6 }] })
const attachment = { 'content-disposition': 'attachment; filename="notifications-2026-11-29.csv"' }
const file = (type: string) => () =>
  new Response(JSON.stringify(outcome), { headers: { ...attachment, 'content-type': type } })
const frames = () => new Response('id: c\n\n', { headers: { 'content-type': 'text/event-stream' } })

const TIMELINE = `/checkouts/${EVENT}/timeline`
const LETTER = `${EVENT}-p2-o41`
const letter = {
  id: LETTER,
  reason: 'invalid-checkout',
  detail: 'invalid checkout: /edad (range) must be a whole number from 0 to 130',
  faults: [{ pointer: '/edad', code: 'range', detail: 'must be a whole number from 0 to 130' }],
  source: { topic: 'DataTopic', partition: 2, offset: 41 },
  place: { partition: 2, offset: 7 },
  owner: 'anonymous',
  receivedAt: '2026-11-30T12:00:00.000Z',
  at: '2026-11-30T12:00:00.010Z',
  size: 400,
  redriven: null,
}
const done = { eventId: EVENT, kind: 'quick', by: 'anonymous', at: '2026-11-30T12:01:00.000Z' }
const letterDetails = { ...letter, key: null, payload: { text: JSON.stringify(faulty) } }
const details = (more: object = {}) => Response.json({ ...letterDetails, ...more })
const sentAgain = { redriven: { ...done, outcome } }
const shares = { of: 240, slow: 24, share: 0.1, interval: [0.07, 0.14] }
const slowPurchases = {
  since: '2026-11-29T00:00:00.000Z',
  until: '2026-11-30T00:00:00.000Z',
  timeZone: 'America/Santiago',
  purchases: shares,
  before: { ...shares, since: '2026-11-28T00:00:00.000Z' },
  sampled: { of: 480, read: 240 },
  staged: 240,
  stages: [{ stage: 'pago', slowMinutes: 19, quickMinutes: 2.5, shareOfExcess: 0.9 }],
  causes: [
    {
      traits: [
        { factor: 'city', value: 'Ñuñoa' },
        { factor: 'error', value: '51' },
      ],
      since: '2026-11-29T00:10:00.000Z',
      until: null,
      isComparedWithBefore: true,
      during: shares,
      among: shares,
      lift: { ratio: 3.1, interval: [2.6, 3.7] },
      stage: { stage: 'pago', minutes: 19, ofMinutes: 41 },
      chance: 1e-12,
      examples: [EVENT],
    },
  ],
  differences: [
    {
      traits: [{ factor: 'city', value: 'Providencia' }],
      ...shares,
      lift: { ratio: 1.4, interval: [1.2, 1.7] },
      adjusted: null,
      verdict: 'explained',
      explainedBy: [{ factor: 'product' }],
    },
  ],
  candidates: 51,
  text: { en: 'No cause stands out.', es: 'No se destaca ninguna causa.' },
}
const letters = () => Response.json({ items: [letter], next: null, unread: 0 })
const redrive = postTo(`/dead-letters/${LETTER}/redrive`)
const edited = { checkout: boughtQuickly }
const redriveMany = postTo('/dead-letters/redrive')
/** A processor that has one dead letter. */
const oneLetter =
  (ask: Ask): Ask =>
  (app) => {
    app.results.mockImplementation(async ({ url }) => (url.includes(LETTER) ? details() : letters()))
    return ask(app)
  }
const mayRedrive: Scope[] = ['operate', 'personal']
/** For both routes that send dead letters again. */
const redrivesOf = (
  operation: string,
  path: string,
  ask: ReturnType<typeof postTo>,
): [string, string, Ask][] => [
  ...accessOf(operation, (headers) => ask({}, headers), mayRedrive, ['operate', 'read', 'write']),
  [operation, '403 forbidden', guarded((headers) => ask({}, headers), ['personal', 'read', 'write'])],
  ...bodiesOf(operation, path, {}, mayRedrive),
  [operation, '422 invalid-redrive', ask({ checkouts: [] })],
  [operation, '500 internal', served(failing(new Error('a bug')), ask({}))],
  [operation, '503 overloaded', full(ask({}))],
  [operation, '503 results-unavailable', ask({})],
  [operation, '503 draining', served(failing(new ProblemError('draining')), ask({}))],
]

const CALENDAR_EVENT = '0123456789abcdef'
const promotion = { name: 'CyberDay', times: 12, ...hoursFromNow(1, 5) }
const stored = { id: CALENDAR_EVENT, ...promotion }
const band = { lower: 0, median: 1.5, upper: 4 }
const forecastMinute = { at: promotion.from, purchase: band, browse: band, slowShare: band, lagSeconds: null }
const forecast = {
  known: true,
  minutes: [forecastMinute],
  peak: { ...band, at: promotion.from },
  at: promotion.from,
  coverage: 0.9,
  countedUntil: promotion.from,
  calendar: [stored],
  capacity: { perSecond: 9_200, perProcessor: 4_600, processors: 2, reachedInSeconds: null },
}
const unknownForecast = {
  known: false,
  reason: 'too-little-history',
  knownAt: null,
  at: promotion.from,
  coverage: 0.9,
  countedUntil: null,
  calendar: [],
  capacity: { perSecond: null, perProcessor: null, processors: 0, reachedInSeconds: null },
}
function hoursFromNow(from: number, until: number) {
  const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
  return { from: at(from), until: at(until) }
}
const EVENTS = '/forecast/events'
const addEvent = (headers: Record<string, string> = {}) => postTo(EVENTS)(promotion, headers)
const removeEvent =
  (headers: Record<string, string> = {}, query = ''): Ask =>
  ({ app }) =>
    app.request(`${EVENTS}/${CALENDAR_EVENT}${query}`, { method: 'DELETE', headers })
const relayed =
  (answer: () => Response | Promise<Response>, ask: Ask): Ask =>
  (app) => {
    app.relayWrite.mockImplementation(async () => answer())
    return ask(app)
  }
/** For the routes that change something by a processor. `failure`: it was not stored. */
const changesOf = (
  operation: string,
  ask: (headers?: Record<string, string>) => Ask,
  failure: 'calendar-not-stored' | 'partitions-incomplete' = 'calendar-not-stored',
): [string, string, Ask][] => [
  ...accessOf(operation, (headers) => ask(headers), ['operate'], ['read', 'write']),
  [operation, '500 internal', relayed(failing(new Error('a bug')), ask())],
  [operation, '503 overloaded', full(ask())],
  [operation, '503 results-unavailable', ask()],
  [operation, `503 ${failure}`, relayed(refusedBy(failure), ask())],
  [operation, '503 draining', relayed(failing(new ProblemError('draining')), ask())],
]
const GROWTH = '/operations/partitions'
const grown = { partitions: 6, version: 0, change: { partitions: 12, begun: true, switched: 2, of: 6 } }
const growPartitions = (headers: Record<string, string> = {}) => postTo(GROWTH)({ partitions: 12 }, headers)
const inForce = describeMessages(builtInFiles())
const PREVIEW = '/messages/preview'
const preview = postTo(PREVIEW)
const worded = { kind: 'slow', message: 'Hola', language: 'es', template: 'slow.es.txt', unknown: ['error'] }
const MESSAGES = '/messages'

const answers: [operation: string, answer: string, ask: Ask][] = [
  ['postCheckout', '200', served(() => Response.json(classified), checkout({ prefer: 'wait=5' }))],
  ['postCheckout', '202', checkout()],
  ['postCheckout', '202', replayedCorrected],
  ...accessOf('postCheckout', (headers) => checkout(headers)),
  ['postCheckout', '401 bad-signature', unsigned((headers) => checkout(headers))],
  ['postCheckout', '400 malformed-json', checkout({}, '{')],
  ['postCheckout', '400 invalid-request', checkout({ 'idempotency-key': '' })],
  ['postCheckout', '408 body-timeout', stalled('/checkout')],
  ['postCheckout', '413 body-too-large', checkout({}, ' '.repeat(2_000))],
  ['postCheckout', '415 unsupported-media-type', checkout({ 'content-type': 'text/plain' })],
  ['postCheckout', '422 invalid-checkout', checkout({}, faulty)],
  ['postCheckout', '422 idempotency-key-reused', reused],
  ['postCheckout', '500 internal', publishing(new Error('a bug'), checkout())],
  ['postCheckout', '503 overloaded', publishing(new ProblemError('overloaded'), checkout())],
  ['postCheckout', '413 record-too-large', publishing(new ProblemError('record-too-large'), checkout())],
  ['postCheckout', '503 kafka-unavailable', publishing(new ProblemError('kafka-unavailable'), checkout())],

  ['postBatch', '202', batch([{ ...boughtQuickly, idempotencyKey: 'mine' }, didNotBuy, didNotBuy])],
  ['postBatch', '207', batch([boughtQuickly, faulty], { 'idempotency-key': 'b' })],
  ...accessOf('postBatch', (headers) => batch([didNotBuy], headers)),
  ['postBatch', '401 bad-signature', unsigned((headers) => batch([didNotBuy], headers))],
  ['postBatch', '400 malformed-json', batch('[')],
  ['postBatch', '400 invalid-request', batch([boughtQuickly], { 'idempotency-key': '' })],
  ['postBatch', '408 body-timeout', stalled('/checkout/batch')],
  ['postBatch', '422 batch-too-large', batch(Array.from({ length: MOST_RECORDS + 1 }, () => 0))],
  ['postBatch', '413 body-too-large', batch(' '.repeat(600_000))],
  ['postBatch', '415 unsupported-media-type', batch([], { 'content-type': 'text/csv' })],
  ['postBatch', '422 invalid-batch', batch([])],
  ['postBatch', '422 batch-refused', batch([faulty, 7])],
  [
    'postBatch',
    '503 batch-not-stored',
    publishing(new ProblemError('overloaded'), batch([boughtQuickly, faulty])),
  ],
  ['postBatch', '503 overloaded', full(batch([didNotBuy], { priority: 'u=5' }))],

  ['getEvent', '200', served(() => Response.json(classified), get(`/checkout/${EVENT}`))],
  [
    'getEvent',
    '200',
    async (app) => {
      const { eventId } = (await (await checkout()(app)).json()) as { eventId: string }
      return app.app.request(`/checkout/${eventId}`)
    },
  ],
  ['getEvent', '400 invalid-request', get(`/checkout/${EVENT}?wait=5`)],
  ['getEvent', '404 unknown-event', get('/checkout/none%20like%20this')],
  ...readsOf('getEvent', `/checkout/${EVENT}`),

  ['getTimeline', '200', served(() => Response.json(timelines.classified), get(TIMELINE))],
  [
    'getTimeline',
    '200',
    async (app) => {
      const { eventId } = (await (await checkout({}, { ...boughtQuickly, edad: '44' })(app)).json()) as {
        eventId: string
      }
      return app.app.request(`/checkouts/${eventId}/timeline`)
    },
  ],
  ['getTimeline', '400 invalid-request', get(`${TIMELINE}?wait=5`)],
  ['getTimeline', '404 unknown-event', get('/checkouts/none%20like%20this/timeline')],
  ...readsOf('getTimeline', TIMELINE),
  ['getTimeline', '403 forbidden', guarded((headers) => get(TIMELINE, headers), ['read'])],

  ['listNotifications', '200', served(page, get('/notifications'))],
  ['listNotifications', '400 invalid-request', get('/notifications?limit=0.5')],
  ...readsOf('listNotifications', '/notifications'),

  ['listCheckouts', '200', served(page, get('/checkouts'))],
  ['listCheckouts', '400 invalid-request', get('/checkouts?limit=0.5')],
  ...readsOf('listCheckouts', '/checkouts'),

  ['streamNotifications', '200', served(frames, get('/notifications/stream'))],
  ['streamNotifications', '400 invalid-request', get('/notifications/stream?limit=0.5')],
  ...readsOf('streamNotifications', '/notifications/stream'),

  ['getSlowPurchases', '200', served(() => Response.json(slowPurchases), get('/insights/slow'))],
  ['getSlowPurchases', '400 invalid-request', get('/insights/slow?since=yesterday')],
  ...readsOf('getSlowPurchases', '/insights/slow'),
  ['getForecast', '200', served(() => Response.json(forecast), get('/forecast'))],
  ['getForecast', '200', served(() => Response.json(unknownForecast), get('/forecast'))],
  ['getForecast', '400 invalid-request', get('/forecast?hours=2')],
  ...readsOf('getForecast', '/forecast', ['operate'], ['read', 'write']),

  [
    'addCalendarEvent',
    '201',
    relayed(
      () =>
        Response.json(stored, { status: 201, headers: { location: `/forecast/events/${CALENDAR_EVENT}` } }),
      addEvent(),
    ),
  ],
  ['addCalendarEvent', '200', relayed(() => Response.json(stored), addEvent())],
  ...bodiesOf('addCalendarEvent', EVENTS, promotion, ['operate']),
  ['addCalendarEvent', '422 invalid-calendar-event', postTo(EVENTS)({ ...promotion, times: 0 })],
  ...changesOf('addCalendarEvent', addEvent),

  ['removeCalendarEvent', '204', relayed(() => new Response(null, { status: 204 }), removeEvent())],
  ['removeCalendarEvent', '400 invalid-request', removeEvent({}, '?x=1')],
  [
    'removeCalendarEvent',
    '404 unknown-calendar-event',
    relayed(refusedBy('unknown-calendar-event'), removeEvent()),
  ],
  ...changesOf('removeCalendarEvent', removeEvent),

  ['getPartitions', '200', served(() => Response.json(grown), get(GROWTH))],
  ['getPartitions', '400 invalid-request', get(`${GROWTH}?x=1`)],
  ...readsOf('getPartitions', GROWTH, ['operate'], ['read', 'write']),
  ['growPartitions', '202', relayed(() => Response.json(grown, { status: 202 }), growPartitions())],
  ['growPartitions', '200', relayed(() => Response.json({ ...grown, change: null }), growPartitions())],
  ...bodiesOf('growPartitions', GROWTH, { partitions: 12 }, ['operate']),
  ['growPartitions', '422 partitions-refused', postTo(GROWTH)({ partitions: 'many' })],
  ...changesOf('growPartitions', growPartitions, 'partitions-incomplete'),

  ['listDeadLetters', '200', served(letters, get('/dead-letters'))],
  ['listDeadLetters', '400 invalid-request', get('/dead-letters?reason=not-jsn')],
  ...readsOf('listDeadLetters', '/dead-letters', ['operate'], ['read', 'write', 'personal']),

  ['getDeadLetter', '200', served(() => details(sentAgain), get(`/dead-letters/${LETTER}`))],
  [
    'getDeadLetter',
    '200',
    served(() => Response.json({ ...letter, withheld: ['key', 'payload'] }), get(`/dead-letters/${LETTER}`)),
  ],
  ['getDeadLetter', '400 invalid-request', get(`/dead-letters/${LETTER}?wait=5`)],
  ['getDeadLetter', '404 unknown-dead-letter', get('/dead-letters/none%20like%20this')],
  ...readsOf('getDeadLetter', `/dead-letters/${LETTER}`, ['operate'], ['read', 'write', 'personal']),

  ['redriveDeadLetter', '202', oneLetter(redrive(edited))],
  ['redriveDeadLetter', '200', served(() => details(sentAgain), redrive(edited))],
  ['redriveDeadLetter', '404 unknown-dead-letter', postTo('/dead-letters/a.b/redrive')({})],
  ['redriveDeadLetter', '422 invalid-checkout', oneLetter(redrive({}))],
  [
    'redriveDeadLetter',
    '422 already-redriven',
    served(() => details(sentAgain), redrive({ checkout: didNotBuy })),
  ],
  [
    'redriveDeadLetter',
    '413 record-too-large',
    publishing(new ProblemError('record-too-large'), oneLetter(redrive(edited))),
  ],
  [
    'redriveDeadLetter',
    '503 kafka-unavailable',
    publishing(new ProblemError('kafka-unavailable'), oneLetter(redrive(edited))),
  ],
  ...redrivesOf('redriveDeadLetter', `/dead-letters/${LETTER}/redrive`, redrive),

  ['redriveDeadLetters', '200', oneLetter(redriveMany({ patch: { edad: 44 } }))],
  ['redriveDeadLetters', '200', oneLetter(redriveMany({}))],
  [
    'redriveDeadLetters',
    '503 redrive-incomplete',
    publishing(new ProblemError('overloaded'), oneLetter(redriveMany({ patch: { edad: 44 } }))),
  ],
  ...redrivesOf('redriveDeadLetters', '/dead-letters/redrive', redriveMany),
  ['exportNotifications', '200', served(file('application/x-ndjson'), get('/notifications/export'))],
  ['exportNotifications', '200', served(file('text/csv'), get('/notifications/export?format=csv'))],
  ['exportNotifications', '400 invalid-request', get('/notifications/export?limit=1')],
  ...readsOf('exportNotifications', '/notifications/export'),
  ['getSystemState', '200', get('/operations')],
  ...statesOf('getSystemState', '/operations'),
  ['streamSystemState', '200', served(frames, get('/operations/stream'))],
  ...statesOf('streamSystemState', '/operations/stream'),

  ['getMessages', '200', served(() => Response.json(inForce), get(MESSAGES))],
  ['getMessages', '400 invalid-request', get(`${MESSAGES}?kind=slow`)],
  ...readsOf('getMessages', MESSAGES, ['operate'], ['read', 'write', 'personal']),
  ['previewMessage', '200', served(() => Response.json(worded), preview(edited))],
  ['previewMessage', '200', served(() => Response.json({ kind: 'none', message: null }), preview(edited))],
  ...accessOf('previewMessage', (headers) => preview(edited, headers), ['operate'], ['read', 'write']),
  ...bodiesOf('previewMessage', PREVIEW, edited, ['operate']),
  ['previewMessage', '422 invalid-checkout', served(refusedBy('invalid-checkout'), preview(edited))],
  ['previewMessage', '422 invalid-preview', served(refusedBy('invalid-preview'), preview({}))],
  ['previewMessage', '500 internal', served(failing(new Error('a bug')), preview(edited))],
  ['previewMessage', '503 overloaded', full(preview(edited))],
  ['previewMessage', '503 results-unavailable', preview(edited)],
  ['previewMessage', '503 draining', served(failing(new ProblemError('draining')), preview(edited))],

  ['openSession', '200', guarded(postSession)],
  ['openSession', '401 unauthenticated', guarded(() => postSession({}))],
  [
    'openSession',
    '429 rate-limited',
    guarded((headers) => twice(postSession(headers)), undefined, { rate: 0.1 }),
  ],
  ['openSession', '503 overloaded', full(postSession({}))],
  ['openSession', '403 forbidden', postSession(rebound)],
  ['closeSession', '204', ({ app }) => app.request('/session', { method: 'DELETE' })],
  [
    'closeSession',
    '403 forbidden',
    ({ app }) => app.request('/session', { method: 'DELETE', headers: rebound }),
  ],

  ['postLoadFigures', '204', load()],
  ['postLoadFigures', '400 malformed-json', load({}, '{')],
  ['postLoadFigures', '401 unauthenticated', guarded(() => load(), ['operate'])],
  [
    'postLoadFigures',
    '401 bad-signature',
    guarded((headers) => load(headers), ['operate'], { signed: true }),
  ],
  ['postLoadFigures', '403 forbidden', guarded((headers) => load(headers))],
  ['postLoadFigures', '403 forbidden', load(rebound)],
  ['postLoadFigures', '408 body-timeout', stalled('/operations/load')],
  ['postLoadFigures', '413 body-too-large', load({}, ' '.repeat(5_000))],
  ['postLoadFigures', '415 unsupported-media-type', load({ 'content-type': 'text/plain' })],
  ['postLoadFigures', '422 invalid-figures', load({}, { ...loadFigures, sent: -1 })],
  [
    'postLoadFigures',
    '429 rate-limited',
    guarded((headers) => twice(load(headers)), ['operate'], { rate: 0.1 }),
  ],
  ['postLoadFigures', '503 figures-unavailable', unpublished],

  ['isAlive', '200', get('/health/live')],
  ['isAlive', '403 forbidden', get('/health/live', rebound)],
  ['isReady', '200', get('/health/ready')],
  ['isReady', '403 forbidden', get('/health/ready', rebound)],
  ['isReady', '503 not-ready', unready],

  ['getMetrics', '200', get('/metrics')],
  ['getMetrics', '401 unauthenticated', guarded(() => get('/metrics'))],
  ['getMetrics', '403 forbidden', guarded((headers) => get('/metrics', headers), ['read'])],
]

const operations = new Map(
  Object.values(api.paths).flatMap((methods) =>
    Object.values(methods).map((operation) => [operation.operationId, operation] as const),
  ),
)

/** `202`, or `400 malformed-json` for each possible problem of an answer. */
function documented(operationId: string): string[] {
  const { responses = {} } = operations.get(operationId) ?? {}
  return Object.entries(responses).flatMap(([status, { description }]) => {
    const codes = [...description.matchAll(/`([a-z-]+)`: /g)].map(([, code]) => `${status} ${code}`)
    return codes.length > 0 ? codes : [status]
  })
}

const OPTIONAL_HEADERS = new Set(['Idempotent-Replayed', 'Preference-Applied', 'Checkout-Place'])

const ajv = addFormats.default(new Ajv2020({ strict: false }))
ajv.addSchema({ $id: 'api', ...api })

test('is OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(api)))
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
})

test.each([...operations.keys()])('all answers of %s are produced here, and no other', (operationId) => {
  const produced = answers.filter(([operation]) => operation === operationId).map(([, answer]) => answer)
  expect(new Set(documented(operationId))).toEqual(new Set(produced))
})

describe.each(answers)('%s: %s', (operationId, answer, ask) => {
  test('is what is described', async () => {
    const response = await ask(startApp())
    const [status, code] = answer.split(' ')
    expect(String(response.status)).toBe(status)
    const { content = {}, headers = {} } = operations.get(operationId)?.responses[status ?? ''] ?? {}
    const type = response.headers.get('content-type')?.split(';')[0] ?? ''
    expect([...Object.keys(content), ...(status === '204' ? [''] : [])]).toContain(type)
    for (const header of Object.keys(headers)) {
      if (!OPTIONAL_HEADERS.has(header)) expect(response.headers.has(header)).toBe(true)
    }
    const body: unknown = type.endsWith('json') ? await response.json() : await response.text()
    if (code) expect(body).toMatchObject({ type: `urn:problem-type:checkout:${code}` })
    if (status === '204') return expect(body).toBe('')
    const pointer = JSON.stringify(content[type]?.schema).includes('$ref')
      ? { ...content[type]?.schema, $ref: `api${String(content[type]?.schema['$ref'])}` }
      : content[type]?.schema
    const conforms = ajv.compile(pointer ?? {})
    expect(conforms(body) || conforms.errors).toBe(true)
  })
})

test('every operation has a description and a known tag, and schemas are used', () => {
  const known = api.tags.map(({ name }) => name)
  for (const { operationId, description, tags } of operations.values()) {
    expect(known, operationId).toContain(tags[0])
    expect(description, operationId).toMatch(/\.$/)
  }
  const used = JSON.stringify(api)
  for (const name of Object.keys(api.components.schemas))
    expect(used).toContain(`"#/components/schemas/${name}"`)
})

test('what refuses a purchase with a key says that it may have a place in the queue', () => {
  for (const operation of ['postCheckout', 'postBatch'])
    expect(operations.get(operation)?.responses['503']?.headers).toHaveProperty('Checkout-Place')
})

test.each([
  ['listNotifications', notificationsQuerySchema],
  ['streamNotifications', notificationsQuerySchema],
  ['listCheckouts', checkoutsQuerySchema],
  ['exportNotifications', exportQuerySchema],
])('%s has all parameters that are taken', (operationId, schema) => {
  const parameters = operations.get(operationId)?.parameters ?? []
  const names = parameters.flatMap((parameter) =>
    'in' in parameter && parameter.in === 'query' ? [parameter.name] : [],
  )
  expect(names.toSorted()).toEqual(Object.keys(schema.shape).toSorted())
})

test('is served as JSON, and as a page that loads its parts from the same server', async () => {
  const { app } = startApp()
  expect(await (await app.request('/openapi.json')).json()).toEqual(JSON.parse(JSON.stringify(api)))
  const docs = await app.request('/docs')
  const policy = docs.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src-elem 'self' 'nonce-")
  const parts = [...(await docs.text()).matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)].map(
    ([, path = '']) => path,
  )
  expect(parts).toHaveLength(4)
  for (const path of parts) {
    const part = await app.request(path, { headers: { 'accept-encoding': 'gzip' } })
    expect([part.status, part.headers.get('content-type')]).toEqual([
      200,
      path.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8',
    ])
    expect((await part.arrayBuffer()).byteLength).toBeGreaterThan(0)
  }
  const again = await app.request('/docs')
  expect(again.headers.get('content-security-policy')).not.toBe(policy)
})

test.each(['/docs/describe-api.ts', '/docs/..%2fdocs-page.ts', '/docs/constructor'])(
  '%s is not served',
  async (path) => {
    expect((await startApp().app.request(path)).status).toBe(404)
  },
)
