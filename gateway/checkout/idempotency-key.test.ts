import { describe, expect, test } from 'vitest'
import { ProblemError } from '../../backbone/problem.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { startApp } from '../testing/app.ts'
import { parseIdempotencyKey } from './idempotency-key.ts'

const json = JSON.stringify(boughtQuickly)

test('without the header there is no key', () => {
  expect(parseIdempotencyKey(undefined)).toBeUndefined()
})

test.each([
  ['"order-1"', 'order-1'],
  ['order-1', 'order-1'],
  [String.raw`"a\"b\\c"`, String.raw`a"b\c`],
  [String.raw`a\b`, String.raw`a\b`],
  ['a"b', 'a"b'],
  ['a,b', 'a,b'],
  ['!', '!'],
  ['~', '~'],
  ['x'.repeat(255), 'x'.repeat(255)],
  [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
  [`"${String.raw`\"`.repeat(255)}"`, '"'.repeat(255)],
])('%s is a key', (header, key) => {
  expect(parseIdempotencyKey(header)).toBe(key)
})

test.each([
  ['empty', ''],
  ['empty between quotes', '""'],
  ['one character too many', 'x'.repeat(256)],
  ['one character too many between quotes', `"${'x'.repeat(256)}"`],
  ['two headers', 'a, b'],
  ['two quoted headers', '"a", "b"'],
  ['two quoted values', '"a","b"'],
  ['a quote that is not closed', '"a'],
  ['nothing but a quote', '"'],
  ['an escaped end', String.raw`"a\"`],
  ['an escape that there is not', String.raw`"a\n"`],
  ['a bare quote within', '"a"b"'],
  ['parameters', '"a";b=1'],
  ['a space', '"a b"'],
  ['a tab', 'a\tb'],
  ['not ASCII', 'clé'],
  ['not ASCII between quotes', '"clé"'],
  ['DEL', '\u007f'],
])('%s is refused', (_, header) => {
  expect(() => parseIdempotencyKey(header)).toThrow(
    expect.objectContaining({ code: 'invalid-request' } satisfies Partial<ProblemError>),
  )
})

describe('a key in the body', () => {
  const withField = (idempotencyKey: unknown, fields = {}) =>
    JSON.stringify({ ...boughtQuickly, ...fields, idempotencyKey })

  test('works as the key in the header, and is not stored', async () => {
    const { post, publish } = startApp()
    const first = await post(withField('order-1'))
    const again = await post(json, { 'idempotency-key': '"order-1"' })
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(await again.text()).toBe(await first.text())
    expect((await post(withField('order-1', { folio: 'SRZ-0001' }))).status).toBe(422)
    expect(publish).toHaveBeenCalledOnce()
    expect(publish.mock.calls[0]?.[0].value).toBe(json)
  })

  test('has a lower precedence than the header', async () => {
    const { post } = startApp()
    const first = await post(withField('field'), { 'idempotency-key': 'header' })
    const again = await post(json, { 'idempotency-key': 'header' })
    expect(await again.text()).toBe(await first.text())
    expect((await post(json, { 'idempotency-key': 'field' })).headers.has('idempotent-replayed')).toBe(false)
  })

  test.each([null, ''])('%j is none: the body decides', async (idempotencyKey) => {
    const { post } = startApp()
    const first = await post(json)
    expect(await (await post(withField(idempotencyKey))).text()).toBe(await first.text())
  })

  test.each([7, 'with space', {}, 'x'.repeat(256)])(
    '%j is refused, as in a batch',
    async (idempotencyKey) => {
      const { app, post, publish } = startApp()
      const alone = await post(withField(idempotencyKey))
      const inBatch = await app.request('/checkout/batch', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `[${withField(idempotencyKey)}]`,
      })
      const { results } = (await inBatch.json()) as { results: { problem: object }[] }
      expect([alone.status, await alone.json()]).toEqual([400, results[0]?.problem])
      expect(publish).not.toHaveBeenCalled()
    },
  )
})
