import { generateMersenne53Randomizer } from '@faker-js/faker'
import type { Purchase, StageTime } from '../purchase.ts'

/** Some purchases become slow, such as those paid with one bank's cards in one city. */
export interface PlantedCause {
  /** Undefined: everywhere. */
  city?: string
  /** Undefined: all. */
  product?: string
  /** What they meet in the payment, if anything. */
  error?: string
  /** Where they take long. Undefined: in the payment if they meet an error, otherwise where other slow ones do. */
  stage?: keyof typeof stageShares
  /** Milliseconds since the epoch. */
  from: number
  until?: number
  /** Part of the purchases of this city and product. */
  share: number
}

export interface StoreOptions {
  seed: number
  /** Mean of a day. */
  perMinute: number
  planted?: PlantedCause
  /** Whether the storefront measures stages. */
  isStaged?: boolean
  /** How many times as many products, cities and errors there are, with the same purchases. */
  variety?: number
  /** Whether traffic differs by hour, and the product that sells best by day. */
  isRestless?: boolean
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MINUTES = 1_440
const SLOW_MINUTES = 30

// The slow share of a product is its own, and a city buys its own mix: some cities are slow only for what they buy.
const PRODUCTS = 12
const slowShareOf = (product: number) => 0.04 + 0.014 * (product % PRODUCTS)
const cities = [
  { name: 'Santiago', weight: 30, tilt: 0 },
  { name: 'Ñuñoa', weight: 12, tilt: 0 },
  { name: 'Providencia', weight: 10, tilt: 1.6 },
  { name: 'Maipú', weight: 10, tilt: -1.2 },
  { name: 'Valparaíso', weight: 9, tilt: 0.4 },
  { name: 'Concepción', weight: 9, tilt: -0.4 },
  { name: 'La Serena', weight: 7, tilt: 0.8 },
  { name: 'Temuco', weight: 6, tilt: -0.8 },
  { name: 'Iquique', weight: 4, tilt: 0.2 },
  { name: 'Punta Arenas', weight: 3, tilt: 1.2 },
]
const stageShares = { catalogo: 0.4, carro: 0.15, direccion: 0.15, pago: 0.2, confirmacion: 0.1 }
const errors = [
  { error: '51', share: 0.008 },
  { error: '05', share: 0.005 },
  { error: '91', share: 0.002 },
]
const SLOW_WITH_ERROR = 0.45
const PROMOTED = 5
const RESTLESSNESS = 0.5
const SLOW_WHEN_PLANTED = 0.85

const cumulative = (weights: readonly number[]): number[] => {
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  return weights.map((weight) => (sum += weight) / all)
}
const named = (name: string, copy: number) => (copy === 0 ? name : `${name} ${copy + 1}`)

/** Everything there is as often as the numbers say: the second copy of a name has a number behind it. */
function copied<Item>(
  items: readonly Item[],
  copies: number,
  copy: (item: Item, number: number) => Item,
): Item[] {
  return Array.from({ length: copies }, (_, number) => items.map((item) => copy(item, number))).flat()
}

function assortmentOf(variety: number) {
  const everywhere = copied(cities, variety, (city, copy) => ({ ...city, name: named(city.name, copy) }))
  const products = Array.from({ length: PRODUCTS * variety }, (_, number) => `Producto ${number + 1}`)
  const oddsOf = (tilt: number, promoted: number | undefined) =>
    cumulative(
      products.map((_, number) => {
        const usual = Math.exp(tilt * ((number % PRODUCTS) / PRODUCTS - 0.5) * 2)
        return number === promoted ? PROMOTED * usual : usual
      }),
    )
  return {
    products,
    cities: everywhere,
    errors: copied(errors, variety, ({ error, share }, copy) => ({
      error: named(error, copy),
      share: share / variety,
    })),
    cityOdds: cumulative(everywhere.map(({ weight }) => weight)),
    productOdds: (promoted?: number) => everywhere.map(({ tilt }) => oddsOf(tilt, promoted)),
  }
}

/** Highest at 21:00 in Santiago, which is midnight in UTC. */
const season = (at: number, by: number): number =>
  1 + by * Math.cos(((at / MINUTE_MS / DAY_MINUTES) % 1) * 2 * Math.PI)

function stagesOf(minutes: number, usual: number, delayed: string, error: string | undefined): StageTime[] {
  return Object.entries(stageShares).map(([stage, share]) => ({
    stage,
    seconds: 60 * (usual * share + (stage === delayed ? minutes - usual : 0)),
    error: stage === 'pago' ? error : undefined,
  }))
}

/** A store whose purchases have daily seasons, by minutes in ascending order. */
export function createStore(options: StoreOptions) {
  const { seed, perMinute, planted, isStaged = true, variety = 1, isRestless = false } = options
  const random = generateMersenne53Randomizer(seed)
  const next = () => random.next()
  const { products, cities: places, errors: known, cityOdds, productOdds } = assortmentOf(variety)
  let purchases = 0
  let odds = productOdds()
  let traffic = 1

  function becomeRestless(minute: number) {
    if (!isRestless || minute % HOUR_MS !== 0) return
    traffic = 1 + RESTLESSNESS * (2 * next() - 1)
    if (minute % (DAY_MINUTES * MINUTE_MS) === 0) odds = productOdds(Math.floor(next() * products.length))
  }

  const pick = (limits: readonly number[]): number => {
    const drawn = next()
    const found = limits.findIndex((limit) => drawn < limit)
    return found < 0 ? limits.length - 1 : found
  }

  function isPlanted(at: number, city: string, product: string): boolean {
    return (
      planted !== undefined &&
      (planted.city ?? city) === city &&
      (planted.product ?? product) === product &&
      at >= planted.from &&
      at < (planted.until ?? Number.POSITIVE_INFINITY) &&
      next() < planted.share
    )
  }

  function errorMet(): string | undefined {
    let drawn = next()
    for (const { error, share } of known) {
      if (drawn < share) return error
      drawn -= share
    }
    return undefined
  }

  const delayedStage = (error: string | undefined) =>
    error === undefined && next() < 0.7 ? 'catalogo' : 'pago'

  function purchase(minute: number): Purchase {
    const at = minute + Math.floor(next() * MINUTE_MS)
    const cityNumber = pick(cityOdds)
    const productNumber = pick(odds[cityNumber] ?? [])
    const product = products[productNumber] ?? ''
    const city = places[cityNumber]?.name ?? ''
    const hit = isPlanted(at, city, product) ? planted : undefined
    const error = hit ? hit.error : errorMet()
    const usually = error ? SLOW_WITH_ERROR : slowShareOf(productNumber) * season(at, 0.3)
    const isSlow = next() < (hit ? SLOW_WHEN_PLANTED : usually)
    const usual = 8 + 10 * next()
    const minutes = isSlow ? SLOW_MINUTES + 1 + 20 * next() : usual + 4 * next()
    purchases++
    return {
      eventId: `${seed}-${purchases}`,
      at,
      isSlow,
      minutes,
      product,
      city,
      stages: isStaged ? stagesOf(minutes, usual, hit?.stage ?? delayedStage(error), error) : [],
    }
  }

  /** Poisson, by Knuth's method in parts that do not underflow. */
  function arrivals(mean: number): number {
    let [left, count, product] = [mean, -1, 1]
    do {
      count++
      product *= next()
      while (product < 1 && left > 0) {
        product *= Math.exp(Math.min(left, 500))
        left -= 500
      }
    } while (product > 1)
    return count
  }

  return {
    /** The purchases of one minute. `minute`: milliseconds since the epoch. */
    minute(minute: number): Purchase[] {
      becomeRestless(minute)
      const mean = perMinute * season(minute, 0.6) * traffic
      return Array.from({ length: arrivals(mean) }, () => purchase(minute))
    },
  }
}

/** The purchases of a period. */
export function purchasesOf(options: StoreOptions, since: number, until: number): Purchase[] {
  const store = createStore(options)
  const purchases: Purchase[] = []
  for (let minute = since; minute < until; minute += MINUTE_MS) purchases.push(...store.minute(minute))
  return purchases
}
