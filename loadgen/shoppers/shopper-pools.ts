import type { Faker } from '@faker-js/faker'
import { faker as de } from '@faker-js/faker/locale/de'
import { faker as en } from '@faker-js/faker/locale/en'
import { faker as es } from '@faker-js/faker/locale/es'
import { faker as es_MX } from '@faker-js/faker/locale/es_MX'
import { faker as fr } from '@faker-js/faker/locale/fr'
import { faker as pt_BR } from '@faker-js/faker/locale/pt_BR'
import type { ShopperShares } from './shopper-shares.ts'

type Locale = ShopperShares['locales'][number]

/** The values from which the shoppers of a locale are generated. */
export interface ShopperPools {
  firstNames: readonly string[]
  surnames: readonly string[]
  /** `#` is a digit of the house number, which each shopper fills in. */
  addresses: readonly string[]
  cities: readonly string[]
  countries: readonly string[]
}

// Each falls back to faker's `en` for data that its locale lacks.
const fakers: Record<Locale, Faker> = { es, es_MX, en, pt_BR, fr, de }
const POOL_SIZE = 2_000
const made = new Map<Locale, ShopperPools>()

/**
 * The same in every run and thread. Generating a name or a street with faker for each shopper would take most
 * of the time.
 */
export function poolsOf(locale: Locale): ShopperPools {
  const pools = made.get(locale) ?? makePools(locale)
  made.set(locale, pools)
  return pools
}

function makePools(locale: Locale): ShopperPools {
  const faker = fakers[locale]
  faker.seed([...Buffer.from(locale)])
  const { person, location } = faker.definitions
  const { generic = [], female = [], male = [] } = person.first_name
  const address = () =>
    location.street_address.normal
      .replace('{{location.street}}', faker.location.street())
      .replace('{{location.buildingNumber}}', faker.helpers.arrayElement(location.building_number))
  return {
    firstNames: [...new Set([...generic, ...female, ...male])],
    surnames: Array.from({ length: POOL_SIZE }, () => faker.person.lastName()),
    addresses: Array.from({ length: POOL_SIZE }, address),
    cities: Array.from({ length: POOL_SIZE / 2 }, () => faker.location.city()),
    countries: location.country,
  }
}
