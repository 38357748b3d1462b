import type { factors } from '../../backbone/insights/slow-purchases.ts'
import type { Purchase } from './purchase.ts'

export type Factor = (typeof factors)[number]

/** Known before the purchase begins. The others arise from it, so their frequency may itself be the trouble. */
export const backgroundFactors = ['product', 'city', 'hour'] as const
export type BackgroundFactor = (typeof backgroundFactors)[number]

export interface Trait {
  factor: Factor
  value: string
}

/** What may be a cause: a trait, or a background together with what arose there. */
export interface Candidate {
  traits: readonly [Trait] | readonly [background: Trait, arisen: Trait]
  background: Trait | undefined
  /** Undefined if the candidate is a background alone. */
  arisen: Trait | undefined
}

/** Everything that is compared of a purchase. Equal traits are the same object. */
export interface Traits {
  product: Trait
  city: Trait
  hour: Trait
  /** Whether its stages were measured: otherwise it has no error that is known. */
  isStaged: boolean
  /** A few, each once. */
  candidates: readonly Candidate[]
}

type Compared = Pick<Purchase, 'at' | 'product' | 'city' | 'stages'>

/** Gives equal traits of purchases the same object. `hourOf`: the hour of the day at the store. */
export function createTraits(hourOf: (at: number) => number) {
  const interned = new Map<string, Traits>()
  const candidates = new Map<string, Candidate>()

  function candidate(background: Trait | undefined, arisen?: Trait): Candidate {
    const traits = [background, arisen].filter((each) => each !== undefined)
    const key = JSON.stringify(traits.map(({ factor, value }) => [factor, value]))
    const known = candidates.get(key)
    if (known) return known
    const added = { traits: traits as unknown as Candidate['traits'], background, arisen }
    candidates.set(key, added)
    return added
  }

  function build({ product, city, hour, stage, errors }: ReturnType<typeof valuesOf>): Traits {
    const of = { product: trait('product', product), city: trait('city', city), hour: trait('hour', hour) }
    const slowest = stage === undefined ? [] : [trait('stage', stage)]
    const arisen = [...slowest, ...errors.map((error) => trait('error', error))]
    return {
      ...of,
      isStaged: stage !== undefined,
      candidates: [
        ...Object.values(of).map((background) => candidate(background)),
        ...arisen.flatMap((each) => [candidate(undefined, each), candidate(of.city, each)]),
        ...errors.map((error) => candidate(of.product, trait('error', error))),
      ],
    }
  }

  const traits = new Map<string, Trait>()
  function trait(factor: Factor, value: string): Trait {
    const key = `${factor} ${value}`
    const known = traits.get(key) ?? { factor, value }
    traits.set(key, known)
    return known
  }

  function valuesOf({ at, product, city, stages }: Compared) {
    const hour = String(hourOf(at)).padStart(2, '0')
    const errors = [...new Set(stages.flatMap(({ error }) => error ?? []))].toSorted()
    return { product, city, hour, stage: longestOf(stages), errors }
  }

  return function traitsOf(purchase: Compared): Traits {
    const values = valuesOf(purchase)
    const key = JSON.stringify(values)
    const known = interned.get(key) ?? build(values)
    interned.set(key, known)
    return known
  }
}

const longestOf = (stages: Purchase['stages']): string | undefined =>
  stages.reduce<Purchase['stages'][number] | undefined>(
    (longest, each) => (longest === undefined || each.seconds > longest.seconds ? each : longest),
    undefined,
  )?.stage
