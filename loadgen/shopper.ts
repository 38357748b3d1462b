import { base, es, es_MX, Faker } from '@faker-js/faker'
import type { Checkout } from '../backbone/checkout.ts'
import { products } from './products.ts'
import { createSeededRandom } from './seeded-random.ts'

const SHARE_OF_BUYERS = 0.65
const SHARE_OF_SLOW_BUYERS = 0.2
const QUICK_MINUTES = { min: 0.5, max: 30, fractionDigits: 1 }
const SLOW_MINUTES = { min: 30.1, max: 180, fractionDigits: 1 }
// RFC 5321 allows 64 octets before the @: two parts and the dot between them.
const EMAIL_PART_LENGTH = 31

const customerId = (faker: Faker) => faker.database.mongodbObjectId()
const firstName = (faker: Faker) => faker.person.firstName()
const surname = (faker: Faker) => faker.person.lastName()
const age = (faker: Faker, min: number, max: number) => faker.number.int({ min, max })
const telephone = (faker: Faker) =>
  `+${faker.string.numeric({ length: 2, allowLeadingZeros: false })} ${faker.helpers.replaceSymbols('###-###-####')}`
const country = (faker: Faker) => faker.location.country()
const city = (faker: Faker) => faker.location.city()
const address = (faker: Faker) => faker.location.streetAddress()
const location = (faker: Faker) => ({ direccion: address(faker), ciudad: city(faker), pais: country(faker) })
const productViewed = (faker: Faker) => faker.helpers.arrayElement(products)
const folio = (faker: Faker) =>
  `${faker.string.alpha({ length: 3, casing: 'upper' })}-${faker.string.numeric(4)}`

function taps(faker: Faker): number | null {
  if (!faker.datatype.boolean(SHARE_OF_BUYERS)) return faker.datatype.boolean() ? null : 0
  return faker.number.float(faker.datatype.boolean(SHARE_OF_SLOW_BUYERS) ? SLOW_MINUTES : QUICK_MINUTES)
}

const emailPart = (name: string) =>
  name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, EMAIL_PART_LENGTH)

export const emailOf = (nombre: string, apellido: string) =>
  `${emailPart(nombre)}.${emailPart(apellido)}@mail.com`

/** The shopper of an iteration depends on the seed and its number alone, never on when or whether others are made. */
export function createShoppers(seed: number): (iteration: number) => Checkout {
  const randomizer = createSeededRandom()
  const fakers = [es, es_MX].map((locale) => new Faker({ locale: [locale, base], randomizer }))

  return (iteration) => {
    randomizer.seed([seed, iteration])
    const faker = fakers[Math.floor(randomizer.next() * fakers.length)] as Faker
    const nombre = firstName(faker)
    const apellido = surname(faker)
    const minutes = taps(faker)
    return {
      id: customerId(faker),
      nombre,
      apellido,
      edad: age(faker, 18, 90),
      email: emailOf(nombre, apellido),
      telefono: telephone(faker),
      ubicacion: location(faker),
      productovisto: productViewed(faker),
      taps: minutes,
      folio: minutes ? folio(faker) : null,
    }
  }
}
