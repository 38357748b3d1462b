import type { Checkout } from '../../backbone/records/checkout.ts'
import { createBuyingTime } from './buying-time.ts'
import { digits, fillNumbers, integerBetween, oneOf, type Random } from './draws.ts'
import { pathOf } from './path.ts'
import { products } from './products.ts'
import { createSeededRandom } from './seeded-random.ts'
import { poolsOf, type ShopperPools } from './shopper-pools.ts'
import { defaultShares, type ShopperShares } from './shopper-shares.ts'
import { createZipf } from './zipf.ts'

// RFC 5321 allows 64 octets before the @: two parts and the dot between them.
const EMAIL_PART_LENGTH = 31
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('')
// Independent random numbers, one for each purpose.
const STREAMS = { customer: 0, visit: 1, purchase: 2, path: 3 }

const customerId = (random: Random) => hexadecimal(random) + hexadecimal(random) + hexadecimal(random)
const firstName = (random: Random, { firstNames }: ShopperPools) => oneOf(random, firstNames)
const surname = (random: Random, { surnames }: ShopperPools) => oneOf(random, surnames)
const age = integerBetween
const telephone = (random: Random) =>
  `+${integerBetween(random, 10, 99)} ${digits(random, 3)}-${digits(random, 3)}-${digits(random, 4)}`
const country = (random: Random, { countries }: ShopperPools) => oneOf(random, countries)
const city = (random: Random, { cities }: ShopperPools) => oneOf(random, cities)
const address = (random: Random, { addresses }: ShopperPools) => fillNumbers(random, oneOf(random, addresses))
const location = (random: Random, pools: ShopperPools) => ({
  direccion: address(random, pools),
  ciudad: city(random, pools),
  pais: country(random, pools),
})
const folio = (random: Random) =>
  `${oneOf(random, LETTERS)}${oneOf(random, LETTERS)}${oneOf(random, LETTERS)}-${digits(random, 4)}`

const hexadecimal = (random: Random) => (random() * 2 ** 32).toString(16).padStart(8, '0')

const emailPart = (name: string) =>
  name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, EMAIL_PART_LENGTH)

export const emailOf = (nombre: string, apellido: string) =>
  `${emailPart(nombre)}.${emailPart(apellido)}@mail.com`

/**
 * The shopper of an iteration depends only on the seed, its number and the shares, not on other shoppers or
 * on time. A returning shopper is the customer of an earlier iteration with another purchase.
 */
export function createShoppers(
  seed: number,
  shares: ShopperShares = defaultShares,
): (iteration: number) => Checkout {
  const randomizer = createSeededRandom()
  const random = () => randomizer.next()
  const locales = shares.locales.map(poolsOf)
  const rankOf = createZipf(products.length, shares.zipf)
  const minutesOf = createBuyingTime(shares.slow)

  const productViewed = () => products[rankOf(random())] as string
  const taps = () => (random() < shares.buyers ? minutesOf(random()) : oneOf(random, [null, 0]))

  function customerOf(iteration: number): number {
    let customer = iteration
    while (customer > 0) {
      randomizer.seed([seed, customer, STREAMS.visit])
      if (random() >= shares.returning) break
      customer = Math.floor(random() * customer)
    }
    return customer
  }

  function makeCustomer(customer: number) {
    randomizer.seed([seed, customer, STREAMS.customer])
    const pools = oneOf(random, locales)
    const nombre = firstName(random, pools)
    const apellido = surname(random, pools)
    return {
      id: customerId(random),
      nombre,
      apellido,
      edad: age(random, 18, 90),
      email: emailOf(nombre, apellido),
      telefono: telephone(random),
      ubicacion: location(random, pools),
    }
  }

  return (iteration) => {
    const customer = makeCustomer(customerOf(iteration))
    randomizer.seed([seed, iteration, STREAMS.purchase])
    const productovisto = productViewed()
    const minutes = taps()
    const shopper = { ...customer, productovisto, taps: minutes, folio: minutes ? folio(random) : null }
    if (shares.path === 0) return shopper
    randomizer.seed([seed, iteration, STREAMS.path])
    return random() < shares.path ? { ...shopper, recorrido: pathOf(random, minutes) } : shopper
  }
}
