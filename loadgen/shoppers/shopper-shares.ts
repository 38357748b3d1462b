import { z } from 'zod'

const share = z.number().min(0, 'must be from 0 to 1').max(1, 'must be from 0 to 1')

/** The locales of faker that shoppers come in. */
export const shopperLocales = ['es', 'es_MX', 'en', 'pt_BR', 'fr', 'de'] as const

/** How the shoppers are spread. */
export const shopperSharesSchema = z.strictObject({
  /** Of all who come: those who buy. */
  buyers: share,
  /** Of those who buy: those who take longer than 30 minutes, the tail of the log-normal `taps`. */
  slow: share,
  /** Of all who come: those who were here before. */
  returning: share,
  /** Exponent of Zipf's law over the products; 0 makes all of them equally popular. */
  zipf: z.number().min(0, 'must be from 0 to 4').max(4, 'must be from 0 to 4'),
  locales: z.array(z.enum(shopperLocales)).min(1, 'needs a locale'),
})

export type ShopperShares = z.output<typeof shopperSharesSchema>

/** A department store's on a sales day. */
export const defaultShares: ShopperShares = {
  buyers: 0.65,
  slow: 0.2,
  returning: 0.15,
  zipf: 0.9,
  locales: ['es', 'es_MX', 'en', 'pt_BR'],
}
