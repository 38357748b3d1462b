import { es, Faker } from '@faker-js/faker'
import { describe, expect, test } from 'vitest'
import { parseValid as read } from '../../test/parse-valid.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { canonicalCheckout } from './checkout.ts'
import { eventIdOfBody } from './event-id.ts'

const canonical = (raw: unknown) => canonicalCheckout(read(raw).checkout)

test('is the fields in the order of docs/reference/domain.md without white space', () => {
  expect(canonical(boughtQuickly)).toBe(
    '{"id":"062292fd7b7e3e688f29418e","nombre":"Scarlett","apellido":"Morris","edad":44,' +
      '"email":"Scarlett.Morris@mail.com","telefono":"+70 976-874-0232",' +
      '"ubicacion":{"direccion":"123 Abbey Road","ciudad":"Lakewood","pais":"Inverness"},' +
      '"productovisto":"Colchón de espuma viscoelástica","taps":17.8,"folio":"SRZ-5509"}',
  )
})

test('is equal for all notations of the same checkout', () => {
  const { id, edad, taps, ...rest } = boughtQuickly
  const ways = [
    { ...rest, taps: String(taps), edad: ` ${edad}`, id: id.toUpperCase() },
    { descuento: 1, ...rest, taps, edad, id, email: ' Scarlett.Morris@MAIL.COM ' },
  ]
  expect(ways.map(canonical)).toEqual(ways.map(() => canonical(boughtQuickly)))
})

test('treats minus zero and zero as equal, as JSON does', () => {
  expect(canonical({ ...boughtQuickly, taps: -0 })).toBe(canonical({ ...boughtQuickly, taps: 0 }))
})

describe('of thousands of shoppers in untidy notation', () => {
  const faker = new Faker({ locale: es })
  faker.seed(20261130)
  const cases = Array.from({ length: 4_000 }, () => untidyCheckout(faker))

  test('is read again unchanged, without corrections', () => {
    for (const raw of cases) {
      const once = canonical(raw)
      const { checkout, corrections } = read(JSON.parse(once))
      expect(corrections).toEqual([])
      expect(canonicalCheckout(checkout)).toBe(once)
    }
  })

  test('and the event id do not depend on the order of the fields', () => {
    for (const raw of cases) {
      const { ubicacion, ...fields } = raw
      const shuffled = Object.fromEntries(
        faker.helpers.shuffle(
          Object.entries({
            ...fields,
            ubicacion: Object.fromEntries(Object.entries(ubicacion).toReversed()),
          }),
        ),
      )
      expect(eventIdOfBody(canonical(shuffled))).toBe(eventIdOfBody(canonical(raw)))
    }
  })

  test('differs between any two of them', () => {
    expect(new Set(cases.map((raw) => eventIdOfBody(canonical(raw)))).size).toBe(cases.length)
  })
})

/** A valid checkout in one of the many notations of other programs. */
function untidyCheckout(faker: Faker) {
  const { helpers, string, number, person, location } = faker
  const spaced = (text: string) =>
    helpers.arrayElement(['', ' ', '\t', '\u00a0', '\ufeff\n']) +
    text +
    helpers.arrayElement(['', ' ', '\r\n'])
  const cased = (text: string) => helpers.arrayElement([text, text.toUpperCase(), text.toLowerCase()])
  const written = (value: number) => helpers.arrayElement([value, String(value), ` ${value}`])
  const minutes = number.float({ min: 0, max: 500, fractionDigits: helpers.arrayElement([0, 1, 6]) })
  const name = spaced(person.firstName() + helpers.arrayElement(['', ' 𝕊', ' e\u0301', '\ud800']))
  return {
    id: spaced(cased(string.hexadecimal({ length: 24, casing: 'lower', prefix: '' }))),
    nombre: name,
    apellido: spaced(person.lastName()),
    edad: written(number.int({ min: 0, max: 130 })),
    email: spaced(`Ñ${number.int(999)}@${cased('Tienda.İstanbul.ΟΔΟΣ.example')}`),
    telefono: spaced(faker.phone.number()),
    ubicacion: {
      direccion: spaced(location.streetAddress()),
      ciudad: spaced(location.city()),
      pais: spaced(location.country()),
    },
    productovisto: spaced(faker.commerce.productName()),
    taps: helpers.arrayElement([written(minutes), '', ' ', null, undefined, 0, -0, '-0', 1e21, 5e-7]),
    folio: helpers.arrayElement([
      spaced(`${string.alpha({ length: 3, casing: 'upper' })}-${string.numeric(4)}`),
      '',
      null,
      undefined,
    ]),
  }
}
