import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalCheckout, checkoutSchema, faultyPurchaseSchema } from './checkout.ts'
import { parseCheckout } from './parse-checkout.ts'
import { sampleCheckout } from './sample-checkout.ts'

const strict = { valid: checkoutSchema.strict(), 'faulty purchase': faultyPurchaseSchema.strict() }
const CASES = 20_000
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000)
console.log(`parse-checkout.property.test.ts: TEST_SEED=${seed}`)

const spaces = fc.constantFrom('', ' ', '\t', '\u00a0', '\r\n')
const padded = (text: fc.Arbitrary<string>) => fc.tuple(spaces, text, spaces).map((parts) => parts.join(''))
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.double({ noNaN: true }),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, undefined, '', ' ', '0', '-0', '1e3', '0x1', 'NaN', Number.MAX_VALUE, -0),
  fc.array(fc.integer(), { maxLength: 2 }),
  fc.dictionary(fc.constantFrom('__proto__', 'pais', 'toString', 'a'), fc.integer(), { maxKeys: 2 }),
)
/** Mostly valid values, or almost. */
const mostly = (value: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 12, arbitrary: value }, { weight: 1, arbitrary: anything })
const invisible = fc.constantFrom(
  '',
  '',
  '\u200b',
  '\u200d',
  '\u202e',
  '\u0301',
  '\n',
  '\u0000',
  '\ufe0f',
  '\u{e0041}',
)
const name = padded(
  fc
    .tuple(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 41 }),
      invisible,
      fc.string({ unit: 'grapheme', maxLength: 41 }),
    )
    .map((parts) => parts.join('')),
)
const stage = fc.record(
  {
    etapa: mostly(name),
    segundos: mostly(
      fc.oneof(fc.double({ min: -1, noNaN: true }), fc.float({ min: 0, max: 60 }).map(String)),
    ),
    error: mostly(fc.oneof(name, fc.integer(), fc.constantFrom(null, ''))),
    otro: anything,
  },
  { requiredKeys: ['etapa', 'segundos'] },
)
const checkout = fc.record(
  {
    id: mostly(padded(fc.stringMatching(/^[0-9a-fA-F]{24}$/))),
    nombre: mostly(name),
    apellido: mostly(name),
    edad: mostly(fc.oneof(fc.integer({ min: -1, max: 131 }), fc.integer({ min: 0, max: 130 }).map(String))),
    email: mostly(padded(fc.oneof(fc.emailAddress(), fc.constant(sampleCheckout.email)))),
    telefono: mostly(padded(fc.string({ maxLength: 20 }))),
    ubicacion: mostly(
      fc.record(
        { direccion: mostly(name), ciudad: mostly(name), pais: mostly(name) },
        { requiredKeys: ['direccion'] },
      ),
    ),
    productovisto: mostly(name),
    taps: mostly(
      fc.oneof(fc.double({ min: -1, max: 100 }), fc.float({ min: 0, max: 60 }).map(String), fc.constant('')),
    ),
    folio: mostly(fc.oneof(padded(fc.stringMatching(/^[A-Z]{3}-[0-9]{4}$/)), fc.constantFrom(null, ''))),
    recorrido: fc.oneof(
      mostly(fc.array(mostly(stage), { maxLength: 3 })),
      fc
        .nat({ max: 60 })
        .map((count) => Array.from({ length: count }, () => ({ etapa: 'pago', segundos: 1 }))),
    ),
    otro: anything,
  },
  { requiredKeys: ['id', 'nombre', 'apellido', 'edad', 'email'] },
)

// `assert` inside: with `expect` a case takes twice as long.
test('every stored checkout matches its schema, and is read again unchanged', { timeout: 240_000 }, () => {
  const counts = { valid: 0, 'faulty purchase': 0, invalid: 0 }
  fc.assert(
    fc.property(fc.oneof({ weight: 30, arbitrary: checkout }, { weight: 1, arbitrary: anything }), (raw) => {
      const before = JSON.stringify(raw)
      const parsed = parseCheckout(raw)
      assert.equal(JSON.stringify(raw), before)
      counts[parsed.is]++
      assert.equal(parsed.faults.length > 0, parsed.is !== 'valid')
      for (const { detail } of parsed.faults) assert.match(detail, /^(must (be|have)|is missing)/)
      if (parsed.is === 'invalid') return
      assert.ok(strict[parsed.is].safeParse(parsed.checkout).success)
      const again = parseCheckout(JSON.parse(canonicalCheckout(parsed.checkout)))
      if (again.is === 'invalid') throw new Error('it became invalid')
      assert.equal(again.is, parsed.is)
      assert.deepEqual(again.faults, parsed.faults)
      assert.deepEqual(again.corrections, [])
      assert.equal(canonicalCheckout(again.checkout), canonicalCheckout(parsed.checkout))
    }),
    { numRuns: CASES, seed },
  )
  // Cases that are all rejected would prove nothing.
  expect(counts.valid).toBeGreaterThan(CASES / 20)
  expect(counts['faulty purchase']).toBeGreaterThan(CASES / 20)
})
