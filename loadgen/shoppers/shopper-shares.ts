import { z } from 'zod'

const numberUpTo = (most: number) => {
  const words = `must be a number from 0 to ${most}`
  return z.number(words).min(0, words).max(most, words)
}
const share = numberUpTo(1)

/** The supported locales of faker. */
export const shopperLocales = ['es', 'es_MX', 'en', 'pt_BR', 'fr', 'de'] as const

const LOCALES = `must be a list of ${shopperLocales.join(', ')}`

/** Distribution of the shoppers. */
export const shopperSharesSchema = z.strictObject({
  /** Share of all shoppers who buy. */
  buyers: share,
  /** Share of buyers who take longer than 30 minutes, the tail of the log-normal `taps`. */
  slow: share,
  /** Share of all shoppers who return. */
  returning: share,
  /** Exponent of Zipf's law over the products; 0 makes them equally popular. */
  zipf: numberUpTo(4),
  /** Share of all shoppers whose checkouts have a path. */
  path: share,
  locales: z
    .array(z.enum(shopperLocales, `must be one of ${shopperLocales.join(', ')}`), LOCALES)
    .min(1, LOCALES),
})

export type ShopperShares = z.output<typeof shopperSharesSchema>

/** Those of a department store on a sales day. */
export const defaultShares: ShopperShares = {
  buyers: 0.65,
  slow: 0.2,
  returning: 0.15,
  zipf: 0.9,
  path: 0,
  locales: ['es', 'es_MX', 'en', 'pt_BR'],
}
