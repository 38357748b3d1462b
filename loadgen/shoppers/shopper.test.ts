import { expect, test } from 'vitest'
import { parseCheckout } from '../../backbone/records/parse-checkout.ts'
import { sumWarnings } from '../../backbone/records/stage-sum.ts'
import { parseValid } from '../../test/parse-valid.ts'
import { products } from './products.ts'
import { createShoppers, emailOf } from './shopper.ts'
import { poolsOf } from './shopper-pools.ts'
import { defaultShares, shopperLocales } from './shopper-shares.ts'

const COUNT = 20_000
const SIGMAS = 5
const seed = Math.floor(Math.random() * 2 ** 32)
console.log(`seed of the random shoppers: ${seed}`)

const make = (shares: Partial<typeof defaultShares> = {}, count = COUNT) => {
  const shopperOf = createShoppers(seed, { ...defaultShares, ...shares })
  return Array.from({ length: count }, (_, iteration) => shopperOf(iteration))
}
type Shopper = ReturnType<typeof make>[number]
const shoppers = make()

const buys = ({ taps }: Shopper) => (taps ?? 0) > 0
const isSlow = ({ taps }: Shopper) => (taps ?? 0) > 30

/** Exact at 0 and 1; in between as close as this many draws allow. */
function expectShare(list: readonly Shopper[], matches: (shopper: Shopper) => boolean, share: number) {
  const bound = SIGMAS * Math.sqrt((share * (1 - share)) / list.length)
  expect(Math.abs(list.filter(matches).length / list.length - share)).toBeLessThanOrEqual(bound)
}

test.each([...shopperLocales, undefined])('all of %s are valid as they are', (locale) => {
  for (const shopper of make(locale && { locales: [locale] }, 1_000)) {
    expect(parseValid(structuredClone(shopper))).toEqual({
      checkout: shopper,
      corrections: [],
    })
  }
})

test.each([0, 0.3, 1])('the share %f has a path, and is the same shopper otherwise', (path) => {
  const made = make({ path })
  expectShare(made, ({ recorrido }) => recorrido !== undefined, path)
  expect(made.slice(0, 1_000)).toMatchObject(shoppers.slice(0, 1_000))
})

test('a path is valid as it is, adds up to taps, and some slow purchases have one slow stage', () => {
  const made = make({ path: 1 })
  for (const shopper of made.slice(0, 1_000)) {
    const parsed = parseCheckout(structuredClone(shopper))
    expect(parsed).toMatchObject({ is: 'valid', checkout: shopper, corrections: [] })
    expect(sumWarnings(parsed)).toEqual([])
  }
  const failed = ({ recorrido }: Shopper) => recorrido?.some(({ error }) => error !== undefined) ?? false
  const slow = made.filter((shopper) => buys(shopper) && isSlow(shopper))
  // Half of them have a slow stage, which is one of five.
  expectShare(slow, failed, 0.1)
  for (const { recorrido = [], taps } of slow.filter(failed)) {
    const [longest] = recorrido.toSorted((one, other) => other.segundos - one.segundos)
    expect(longest).toMatchObject({ etapa: 'pago', error: expect.any(String) })
    expect(longest?.segundos).toBeGreaterThan(30 * (taps ?? 0))
  }
  expect(made.filter((shopper) => failed(shopper) && !isSlow(shopper))).toEqual([])
})

test('a folio comes with a valid time to buy, and only then', () => {
  for (const { taps, folio } of shoppers) expect(folio !== null).toBe((taps ?? 0) > 0)
})

test.each([0, 0.3, 0.65, 1])('the share %f buys, the others not in either way', (share) => {
  const made = make({ buyers: share })
  expectShare(made, buys, share)
  expectShare(made, ({ taps }) => taps === null, (1 - share) / 2)
  expectShare(made, ({ taps }) => taps === 0, (1 - share) / 2)
})

test.each([0, 0.02, 0.2, 0.7, 1])('the share %f of the buyers is slow', (share) => {
  expectShare(make({ slow: share }).filter(buys), isSlow, share)
})

test.each([0, 0.15, 0.6, 1])('the share %f was here before', (share) => {
  const seen = new Set<string>()
  const returned = new Set<Shopper>()
  const made = make({ returning: share })
  for (const shopper of made) {
    if (seen.has(shopper.id)) returned.add(shopper)
    seen.add(shopper.id)
  }
  expect(returned.has(made[0] as Shopper)).toBe(false)
  expectShare(made.slice(1), (shopper) => returned.has(shopper), share)
})

test('a returning shopper is the same person, with a new purchase', () => {
  const first = new Map<string, Shopper>()
  let differ = 0
  let again = 0
  for (const shopper of make({ returning: 0.5, buyers: 1 })) {
    const { productovisto, taps, folio, ...person } = shopper
    const before = first.get(shopper.id) ?? shopper
    expect(before).toMatchObject(person)
    first.set(shopper.id, before)
    if (before === shopper) continue
    again++
    if (folio !== before.folio && (taps !== before.taps || productovisto !== before.productovisto)) differ++
  }
  expect(again).toBeGreaterThan(COUNT / 3)
  expect(differ / again).toBeGreaterThan(0.99)
})

test('the first of the products is the most popular, unless all are equal', () => {
  const popularity = (zipf: number) => {
    const made = make({ zipf })
    return products.map((name) => made.filter(({ productovisto }) => productovisto === name).length / COUNT)
  }
  const [first = 0, second = 0] = popularity(1)
  const harmonic = products.reduce((sum, _, index) => sum + 1 / (index + 1), 0)
  expect(first).toBeCloseTo(1 / harmonic, 1)
  expect(second).toBeCloseTo(1 / harmonic / 2, 1)
  for (const share of popularity(0)) {
    const bound = SIGMAS * Math.sqrt(1 / products.length / COUNT)
    expect(Math.abs(share - 1 / products.length)).toBeLessThan(bound)
  }
})

test('the locales share the customers equally, and no other locale takes part', () => {
  const [german, french] = [poolsOf('de').countries, poolsOf('fr').countries]
  const onlyGerman = new Set(german).difference(new Set(french))
  const isGerman = ({ ubicacion }: Shopper) => onlyGerman.has(ubicacion.pais)
  const share = onlyGerman.size / german.length
  for (const [locales, parts] of [
    [['de'], 1],
    [['de', 'fr'], 1 / 2],
    [['fr', 'de', 'fr'], 1 / 3],
    [['fr'], 0],
  ] as const) {
    expectShare(make({ locales: [...locales], returning: 0 }), isGerman, share * parts)
  }
})

test('they differ: without returning, each is another customer, and no field is always the same', () => {
  expect(new Set(make({ returning: 0 }).map(({ id }) => id)).size).toBe(COUNT)
  for (const field of ['nombre', 'apellido', 'edad', 'telefono', 'productovisto', 'taps', 'folio'] as const) {
    expect(new Set(shoppers.map((shopper) => shopper[field])).size).toBeGreaterThan(30)
  }
  for (const field of ['direccion', 'ciudad', 'pais'] as const) {
    expect(new Set(shoppers.map(({ ubicacion }) => ubicacion[field])).size).toBeGreaterThan(100)
  }
})

test('the same seed makes the same shoppers in any order, another seed makes others', () => {
  const again = createShoppers(seed)
  for (const iteration of [COUNT - 1, 0, 17, 0]) expect(again(iteration)).toEqual(shoppers[iteration])
  const others = createShoppers((seed + 1) % 2 ** 32)
  expect(others(0).id).not.toBe(shoppers[0]?.id)
})

// A changed generator must be noticed: seeds are used for comparisons over time.
test('seed 1 still generates the same shoppers', () => {
  expect(createShoppers(1)(0)).toMatchInlineSnapshot(`
    {
      "apellido": "Jiménez Xiana",
      "edad": 29,
      "email": "Silvia.JimenezXiana@mail.com",
      "folio": "QHM-7177",
      "id": "a2aa2971f7bc3fb22a39073f",
      "nombre": "Silvia",
      "productovisto": "Notebook de 14 pulgadas",
      "taps": 7.8,
      "telefono": "+69 183-249-0595",
      "ubicacion": {
        "ciudad": "Zamora-Jacona",
        "direccion": "Calzada Polotitlán 9",
        "pais": "Filipinas",
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
  const [name, shopper] = ['Maximiliano '.repeat(6).trim(), createShoppers(seed)(0)]
  const long = { ...shopper, nombre: name, apellido: name, email: emailOf(name, name) }
  expect(parseValid(long).corrections).toEqual([])
})
