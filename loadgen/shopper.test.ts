import { expect, test } from 'vitest'
import { incomingCheckoutSchema } from '../backbone/checkout.ts'
import { createShoppers, emailOf } from './shopper.ts'

const COUNT = 5_000
const seed = Math.floor(Math.random() * 2 ** 32)
console.log(`seed of the random shoppers: ${seed}`)

const shopperOf = createShoppers(seed)
const shoppers = Array.from({ length: COUNT }, (_, iteration) => shopperOf(iteration))
const share = (matches: (shopper: (typeof shoppers)[number]) => boolean) =>
  shoppers.filter(matches).length / COUNT

test('all of them are valid as they are', () => {
  for (const shopper of shoppers) {
    expect(incomingCheckoutSchema.parse(structuredClone(shopper))).toEqual({
      checkout: shopper,
      corrections: [],
    })
  }
})

test('a folio comes with a valid time to buy, and only then', () => {
  for (const { taps, folio } of shoppers) expect(folio !== null).toBe((taps ?? 0) > 0)
})

test('there are quick buyers, slow buyers, and both ways of not buying', () => {
  expect(share(({ taps }) => taps !== null && taps > 0 && taps <= 30)).toBeGreaterThan(0.4)
  expect(share(({ taps }) => taps !== null && taps > 30)).toBeGreaterThan(0.05)
  expect(share(({ taps }) => taps === null)).toBeGreaterThan(0.1)
  expect(share(({ taps }) => taps === 0)).toBeGreaterThan(0.1)
  expect(share(({ taps }) => taps !== null && !Number.isInteger(taps))).toBeGreaterThan(0.4)
})

test('they differ: each is another customer, and no field is always the same', () => {
  expect(new Set(shoppers.map(({ id }) => id)).size).toBe(COUNT)
  for (const field of ['nombre', 'apellido', 'edad', 'telefono', 'productovisto'] as const) {
    expect(new Set(shoppers.map((shopper) => shopper[field])).size).toBeGreaterThan(30)
  }
  for (const field of ['direccion', 'ciudad', 'pais'] as const) {
    expect(new Set(shoppers.map(({ ubicacion }) => ubicacion[field])).size).toBeGreaterThan(30)
  }
})

test('the same seed makes the same shoppers in any order, another seed makes others', () => {
  const again = createShoppers(seed)
  for (const iteration of [COUNT - 1, 0, 17, 0]) expect(again(iteration)).toEqual(shoppers[iteration])
  const others = createShoppers((seed + 1) % 2 ** 32)
  expect(others(0).id).not.toBe(shoppers[0]?.id)
})

// Whoever relies on a seed for a comparison over time must be told when it makes other shoppers.
test('seed 1 still makes who it made', () => {
  expect(createShoppers(1)(0)).toMatchInlineSnapshot(`
    {
      "apellido": "Godoy Olmos",
      "edad": 35,
      "email": "Gloria.GodoyOlmos@mail.com",
      "folio": null,
      "id": "3e451cf7a557978647b84cfa",
      "nombre": "Gloria",
      "productovisto": "Chaqueta impermeable de mujer",
      "taps": null,
      "telefono": "+86 715-728-1740",
      "ubicacion": {
        "ciudad": "Guadalajara",
        "direccion": "Edificio Anita Frías Mojica 98",
        "pais": "Niger",
      },
    }
  `)
})

test.each([
  ['Scarlett', 'Morris', 'Scarlett.Morris@mail.com'],
  ['María de los Ángeles', 'Ñúñez Güell', 'MariadelosAngeles.NunezGuell@mail.com'],
  ["D'Artagnan", 'Pérez-Reverte', 'DArtagnan.PerezReverte@mail.com'],
])('%s %s has the address %s', (nombre, apellido, email) => {
  expect(emailOf(nombre, apellido)).toBe(email)
})

test('however long the names, the address is valid', () => {
  const [name, shopper] = ['Maximiliano '.repeat(6).trim(), shopperOf(0)]
  const long = { ...shopper, nombre: name, apellido: name, email: emailOf(name, name) }
  expect(incomingCheckoutSchema.parse(long).corrections).toEqual([])
})
