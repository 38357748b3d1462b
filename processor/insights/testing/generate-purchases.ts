import { generateMersenne53Randomizer } from '@faker-js/faker'
import type { Purchase, StageTime } from '../purchase.ts'

/** Errors of one bank's payments in one city. */
export interface PlantedCause {
  city: string
  error: string
  /** Milliseconds since the epoch. */
  from: number
  until?: number
  /** Part of the purchases there that are paid with this bank. */
  bankShare: number
}

interface StoreOptions {
  seed: number
  /** Mean of a day. */
  perMinute: number
  planted?: PlantedCause
  /** Whether the storefront measures stages. */
  isStaged?: boolean
}

const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440
const SLOW_MINUTES = 30

// The slow share of a product is its own, and a city buys its own mix: some cities are slow only for what they buy.
const products = Array.from({ length: 12 }, (_, number) => ({
  name: `Producto ${number + 1}`,
  slowShare: 0.04 + 0.014 * number,
}))
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
const SLOW_WHEN_PLANTED = 0.85

const cumulative = (weights: readonly number[]): number[] => {
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  return weights.map((weight) => (sum += weight) / all)
}
const cityOdds = cumulative(cities.map(({ weight }) => weight))
const productOdds = cities.map(({ tilt }) =>
  cumulative(products.map((_, number) => Math.exp(tilt * (number / products.length - 0.5) * 2))),
)

/** Highest at 21:00 in Santiago, which is midnight in UTC. */
const season = (at: number, by: number): number =>
  1 + by * Math.cos(((at / MINUTE_MS / DAY_MINUTES) % 1) * 2 * Math.PI)

/** A store whose purchases have daily seasons, by minutes in ascending order. */
export function createStore({ seed, perMinute, planted, isStaged = true }: StoreOptions) {
  const random = generateMersenne53Randomizer(seed)
  const next = () => random.next()
  let purchases = 0

  const pick = (odds: readonly number[]): number => {
    const drawn = next()
    const found = odds.findIndex((limit) => drawn < limit)
    return found < 0 ? odds.length - 1 : found
  }

  function errorOf(at: number, city: string): { error: string; slowShare: number } | undefined {
    const isPlanted =
      planted !== undefined &&
      city === planted.city &&
      at >= planted.from &&
      at < (planted.until ?? Number.POSITIVE_INFINITY) &&
      next() < planted.bankShare
    if (isPlanted) return { error: planted.error, slowShare: SLOW_WHEN_PLANTED }
    let drawn = next()
    for (const { error, share } of errors) {
      if (drawn < share) return { error, slowShare: SLOW_WITH_ERROR }
      drawn -= share
    }
    return undefined
  }

  function stagesOf(minutes: number, usual: number, error: string | undefined): StageTime[] {
    const delayed = error === undefined && next() < 0.7 ? 'catalogo' : 'pago'
    return Object.entries(stageShares).map(([stage, share]) => ({
      stage,
      seconds: 60 * (usual * share + (stage === delayed ? minutes - usual : 0)),
      error: stage === 'pago' ? error : undefined,
    }))
  }

  function purchase(minute: number): Purchase {
    const at = minute + Math.floor(next() * MINUTE_MS)
    const cityNumber = pick(cityOdds)
    const product = products[pick(productOdds[cityNumber] ?? [])] ?? products[0]
    const city = cities[cityNumber]?.name ?? ''
    const met = errorOf(at, city)
    const slowShare = met?.slowShare ?? (product?.slowShare ?? 0) * season(at, 0.3)
    const isSlow = next() < slowShare
    const usual = 8 + 10 * next()
    const minutes = isSlow ? SLOW_MINUTES + 1 + 20 * next() : usual + 4 * next()
    purchases++
    return {
      eventId: `${seed}-${purchases}`,
      at,
      isSlow,
      minutes,
      product: product?.name ?? '',
      city,
      stages: isStaged ? stagesOf(minutes, usual, met?.error) : [],
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
    minute: (minute: number): Purchase[] =>
      Array.from({ length: arrivals(perMinute * season(minute, 0.6)) }, () => purchase(minute)),
  }
}

/** The purchases of a period. */
export function purchasesOf(options: StoreOptions, since: number, until: number): Purchase[] {
  const store = createStore(options)
  const purchases: Purchase[] = []
  for (let minute = since; minute < until; minute += MINUTE_MS) purchases.push(...store.minute(minute))
  return purchases
}
