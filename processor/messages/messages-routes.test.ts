import { describe, expect, test } from 'vitest'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { createTestApp } from '../testing/apps.ts'
import { createTestReadModels } from '../testing/read-models.ts'

const keys = createTestKeys()
const operator = keys.mint('web', ['operate'])
const reader = keys.mint('web', ['read', 'write'])
const { get } = createTestApp(createTestReadModels().open(), keys.open().access)

const preview = (body: unknown, { headers } = operator) =>
  get('/messages/preview', {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

test('GET /messages says what is in force', async () => {
  const answer = await get('/messages', { headers: operator.headers })
  expect(await answer.json()).toMatchObject({
    source: 'built-in',
    storeName: 'Falabella',
    defaultLanguage: 'es',
    languages: ['es'],
    kinds: [
      {
        kind: 'quick',
        aboveMinutes: 0,
        untilMinutes: 30,
        followUp: false,
        templates: [
          { language: 'es', text: expect.stringMatching(/^Estimad@ \{nombre\},\n\n.*\n\nSaludos\.$/) },
        ],
      },
      { kind: 'slow', aboveMinutes: 30, untilMinutes: null, followUp: true },
    ],
    longestMessage: 4_000,
  })
})

test.each([
  [
    'of its own kind',
    boughtQuickly,
    {},
    { kind: 'quick', template: 'quick.es.txt', language: 'es', unknown: [] },
  ],
  ['of another kind', boughtQuickly, { kind: 'slow' }, { kind: 'slow', template: 'slow.es.txt' }],
])('POST /messages/preview words the message %s', async (_, checkout, asked, expected) => {
  const answer = await preview({ checkout, ...asked })
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({
    ...expected,
    message: expect.stringContaining("el producto 'Colchón de espuma viscoelástica'"),
  })
})

test('a checkout without a message has none', async () => {
  expect(await (await preview({ checkout: didNotBuy })).json()).toEqual({ kind: 'none', message: null })
})

describe('is refused', () => {
  test.each([
    ['without JSON', '{', 400, 'malformed-json', {}],
    ['without a checkout', {}, 422, 'invalid-preview', { detail: '/checkout is required' }],
    ['with an unknown field', { checkout: boughtQuickly, x: 1 }, 422, 'invalid-preview', {}],
    [
      'for an unknown kind',
      { checkout: boughtQuickly, kind: 'none' },
      422,
      'invalid-preview',
      { detail: '/kind must be one of quick, slow' },
    ],
    [
      'for an unknown language',
      { checkout: boughtQuickly, language: 'en' },
      422,
      'invalid-preview',
      { detail: '/language must be one of es' },
    ],
    [
      'with faults',
      { checkout: { ...boughtQuickly, edad: 131 } },
      422,
      'invalid-checkout',
      { errors: [{ pointer: '/edad' }] },
    ],
    ['with too many bytes', ' '.repeat(128 * 1024 + 1), 413, 'body-too-large', {}],
  ])('%s', async (_, body, status, code, more) => {
    const answer = await preview(body)
    expect([answer.status, await answer.json()]).toMatchObject([
      status,
      { type: `urn:problem-type:checkout:${code}`, ...more },
    ])
  })

  test('without the scope operate', async () => {
    expect((await preview({ checkout: boughtQuickly }, reader)).status).toBe(403)
    expect((await get('/messages', { headers: reader.headers })).status).toBe(403)
  })
})
