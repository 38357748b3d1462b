import { describe, expect, test } from 'vitest'
import { parseValid } from '../../test/parse-valid.ts'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { canonicalCheckout } from './checkout.ts'
import { MOST_CORRECTIONS } from './correct-checkout.ts'
import { eventIdOfBody } from './event-id.ts'
import { parseCheckout } from './parse-checkout.ts'

const path = [
  { etapa: 'catalogo', segundos: 600 },
  { etapa: 'pago', segundos: 468.5, error: '51' },
]
const withPath = (recorrido: unknown) => ({ ...boughtQuickly, recorrido })
const withStage = (stage: object) => withPath([path[0], { etapa: 'pago', segundos: 1, ...stage }])
const stages = (count: number) => Array.from({ length: count }, () => ({ etapa: 'carro', segundos: 1 }))
const canonical = (raw: unknown) => canonicalCheckout(parseValid(raw).checkout)

/** What is stored of a purchase, and that it is read again with the same result. */
function stored(raw: unknown) {
  const parsed = parseCheckout(raw)
  if (parsed.is === 'invalid') throw new Error(JSON.stringify(parsed.faults))
  const again = parseCheckout(JSON.parse(canonicalCheckout(parsed.checkout)))
  expect(again).toEqual({ ...parsed, corrections: [] })
  return parsed
}

test('a path is stored as the last field, each stage in canonical order', () => {
  const reversed = path.map((stage) => Object.fromEntries(Object.entries(stage).toReversed()))
  expect(canonical({ recorrido: reversed, ...boughtQuickly })).toBe(
    `${JSON.stringify(boughtQuickly).slice(0, -1)},"recorrido":` +
      '[{"etapa":"catalogo","segundos":600},{"etapa":"pago","segundos":468.5,"error":"51"}]}',
  )
})

// The first 32 digits of `printf %s '…' | sha256sum` of the records in docs/reference/domain.md.
test.each([
  [boughtQuickly, 'db860385e96c17173f0edc7815ea5389'],
  [didNotBuy, 'f9dd8df646d2fad90b8d531fb2bc17bf'],
])('without a path, $folio has the event id that it had before there were paths', (checkout, id) => {
  const forms = [checkout, { ...checkout, recorrido: null }, { ...checkout, recorrido: [] }]
  expect(forms.map((form) => eventIdOfBody(canonical(form)))).toEqual([id, id, id])
  expect(eventIdOfBody(canonical({ ...checkout, recorrido: path }))).not.toBe(id)
})

describe('corrections', () => {
  test.each([
    [null, undefined, [['', 'empty to absent']]],
    [[], undefined, [['', 'empty to absent']]],
    [
      ' ',
      undefined,
      [
        ['', 'trimmed'],
        ['', 'empty to absent'],
      ],
    ],
    [[{ etapa: ' pago\n', segundos: 1 }], [{ etapa: 'pago', segundos: 1 }], [['/0/etapa', 'trimmed']]],
    [
      [...path, { etapa: 'pago', segundos: ' 1.5' }],
      [...path, { etapa: 'pago', segundos: 1.5 }],
      [
        ['/2/segundos', 'trimmed'],
        ['/2/segundos', 'text to number'],
      ],
    ],
    [
      [{ etapa: 'pago', segundos: 1, error: 51 }],
      [{ etapa: 'pago', segundos: 1, error: '51' }],
      [['/0/error', 'number to text']],
    ],
    [
      [{ etapa: 'pago', segundos: 1, error: Number.MAX_SAFE_INTEGER }],
      [{ etapa: 'pago', segundos: 1, error: '9007199254740991' }],
      [['/0/error', 'number to text']],
    ],
    [
      [{ etapa: 'pago', segundos: 1, error: ' 51' }],
      [{ etapa: 'pago', segundos: 1, error: '51' }],
      [['/0/error', 'trimmed']],
    ],
    [
      [{ etapa: 'pago', segundos: 1, error: '' }],
      [{ etapa: 'pago', segundos: 1 }],
      [['/0/error', 'empty to absent']],
    ],
    [
      [{ etapa: 'pago', segundos: 1, error: null }],
      [{ etapa: 'pago', segundos: 1 }],
      [['/0/error', 'empty to absent']],
    ],
  ])('%j is stored as %j', (sent, recorrido, corrections) => {
    const { checkout, corrections: reported } = parseValid(withPath(sent))
    expect(checkout.recorrido).toEqual(recorrido)
    expect(reported.map(({ pointer, correction }) => [pointer, correction])).toEqual(
      corrections.map(([pointer, correction]) => [`/recorrido${pointer}`, correction]),
    )
  })

  test('of a long path are reported up to a maximum number', () => {
    const untidy = stages(50).map(() => ({ etapa: ' pago ', segundos: '1', error: 51 }))
    const { checkout, corrections } = parseValid(withPath(untidy))
    expect(checkout.recorrido).toEqual(stages(50).map(() => ({ etapa: 'pago', segundos: 1, error: '51' })))
    expect(corrections).toHaveLength(MOST_CORRECTIONS)
  })

  test('unknown fields of a stage are not stored', () => {
    expect(canonical(withPath(path.map((stage) => ({ otro: {}, ...stage }))))).toBe(canonical(withPath(path)))
  })
})

describe('limits', () => {
  test.each([
    ['one stage', stages(1)],
    ['50 stages', stages(50)],
    ['names of one character', [{ etapa: 'á', segundos: 0, error: '5' }]],
    ['names of 40 characters', [{ etapa: '😀'.repeat(40), segundos: 0, error: 'x'.repeat(40) }]],
    ['no time', [{ etapa: 'pago', segundos: 0 }]],
    ['more time than there is', [{ etapa: 'pago', segundos: 1e308 }]],
  ])('%s may be', (_, recorrido) => {
    expect(parseValid(withPath(recorrido)).checkout.recorrido).toEqual(recorrido)
  })

  const SECONDS = 'must be a number of seconds, 0 or more'
  const LENGTH = 'must have 1 to 40 characters'

  test.each([
    [withPath(stages(51)), '', 'length', 'must have 1 to 50 stages'],
    [withPath('pago'), '', 'type', 'must be a list'],
    [withPath({ etapa: 'pago', segundos: 1 }), '', 'type', 'must be a list'],
    [withPath(0), '', 'type', 'must be a list'],
    [withPath(['pago']), '/0', 'type', 'must be an object'],
    [withPath([...path, null]), '/2', 'type', 'must be an object'],
    [withPath([...path, [path]]), '/2', 'type', 'must be an object'],
    [withStage({ etapa: undefined }), '/1/etapa', 'missing', 'is missing'],
    [withStage({ etapa: '\u200d' }), '/1/etapa', 'missing', 'is missing'],
    [withStage({ etapa: 7 }), '/1/etapa', 'type', 'must be text'],
    [withStage({ etapa: 'x'.repeat(41) }), '/1/etapa', 'length', LENGTH],
    [withStage({ etapa: '😀'.repeat(41) }), '/1/etapa', 'length', LENGTH],
    [withStage({ segundos: null }), '/1/segundos', 'missing', 'is missing'],
    [withStage({ segundos: -0.001 }), '/1/segundos', 'range', SECONDS],
    [withStage({ segundos: '-1' }), '/1/segundos', 'range', SECONDS],
    [withStage({ segundos: 'NaN' }), '/1/segundos', 'type', SECONDS],
    [withStage({ segundos: '1e3' }), '/1/segundos', 'type', SECONDS],
    [withStage({ segundos: true }), '/1/segundos', 'type', SECONDS],
    [withStage({ segundos: JSON.parse('1e400') }), '/1/segundos', 'range', SECONDS],
    [withStage({ segundos: JSON.parse('-1e400') }), '/1/segundos', 'range', SECONDS],
    [withStage({ segundos: '9'.repeat(400) }), '/1/segundos', 'range', SECONDS],
    [withStage({ error: 'x'.repeat(41) }), '/1/error', 'length', LENGTH],
    [withStage({ error: 51.5 }), '/1/error', 'type', 'must be text'],
    [withStage({ error: Number.MAX_SAFE_INTEGER + 1 }), '/1/error', 'type', 'must be text'],
    [withStage({ error: [] }), '/1/error', 'type', 'must be text'],
  ])('%j has a fault at /recorrido%s of the code %s: it %s', (raw, pointer, code, detail) => {
    const { is, faults } = stored(raw)
    expect(is).toBe('faulty purchase')
    expect(faults).toEqual([{ pointer: `/recorrido${pointer}`, code, detail }])
    expect(parseCheckout({ ...raw, folio: null }).is).toBe('invalid')
  })
})

describe('a purchase with other faults', () => {
  test('keeps its valid path', () => {
    const { is, checkout } = stored({ ...withPath(path), edad: 131 })
    expect(is).toBe('faulty purchase')
    expect(checkout.recorrido).toEqual(path)
  })

  test('keeps a faulty path as it was sent, except unexpected lists and objects', () => {
    const recorrido = [7, ' x ', null, [[1]], { etapa: { a: 1 }, segundos: '-1', error: 5, otro: 1 }]
    const kept = [7, 'x', null, [], { etapa: {}, segundos: -1, error: '5' }]
    expect(stored(withPath(recorrido)).checkout.recorrido).toEqual(kept)
  })

  test('keeps one stage more than there may be, however many were sent', () => {
    expect(stored(withPath(stages(51))).checkout.recorrido).toHaveLength(51)
    const { checkout, faults } = stored(withPath(Array.from({ length: 100_000 }, () => [[[]]])))
    expect(checkout.recorrido).toHaveLength(51)
    expect(faults.map(({ pointer }) => pointer)).toEqual(['/recorrido'])
  })

  test('keeps no depth of a path', () => {
    const deep: unknown = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000))
    expect(stored(withPath(deep)).checkout.recorrido).toEqual([[]])
    expect(stored(withStage({ error: deep })).checkout.recorrido).toMatchObject([{}, { error: [] }])
  })
})
