import type { Checkout } from '../../backbone/records/checkout.ts'
import { type SlowestStage, slowestStage } from './slowest-stage.ts'

/** What a message may say. */
export interface Facts {
  checkout: Checkout
  storeName: string
  /** Writes a number as the language of the message does. */
  format: (value: number) => string
  /** Undefined without `recorrido`. */
  slowest: SlowestStage | undefined
}

interface Placeholder {
  meaning: string
  /** Undefined if this checkout has none. */
  value: (facts: Facts) => string | undefined
  /** Whether only some checkouts have a value for it: see read-messages.ts. */
  ofRecorrido?: true
}

const MINUTE = 60

export const placeholders = {
  nombre: { meaning: 'First name', value: ({ checkout }) => checkout.nombre },
  apellido: { meaning: 'Surname', value: ({ checkout }) => checkout.apellido },
  productovisto: { meaning: 'Product', value: ({ checkout }) => checkout.productovisto },
  folio: { meaning: 'Transaction number', value: ({ checkout }) => checkout.folio ?? undefined },
  tienda: { meaning: '`STORE_NAME`', value: ({ storeName }) => storeName },
  minutos: {
    meaning: '`taps`, the minutes of the whole purchase',
    value: ({ checkout, format }) => (checkout.taps === null ? undefined : format(checkout.taps)),
  },
  etapa_lenta: {
    meaning: 'Stage of `recorrido` that took longest, all its visits together',
    value: ({ slowest }) => slowest?.etapa,
    ofRecorrido: true,
  },
  minutos_etapa: {
    meaning: 'Minutes that this stage took, at most those of the purchase',
    // What a storefront measures may be wrong: a customer must not read that they paid for years.
    value: ({ checkout, slowest, format }) =>
      slowest && format(Math.min(slowest.segundos / MINUTE, checkout.taps ?? Number.POSITIVE_INFINITY)),
    ofRecorrido: true,
  },
  error: {
    meaning: 'Last error of this stage, or else of any stage',
    value: ({ slowest }) => slowest?.error,
    ofRecorrido: true,
  },
} as const satisfies Record<string, Placeholder>

export type PlaceholderName = keyof typeof placeholders
export const placeholderNames = Object.keys(placeholders) as PlaceholderName[]

export const isOfRecorrido = (name: PlaceholderName): boolean => 'ofRecorrido' in placeholders[name]

/** For all checkouts of one store and language. */
export function createFactsOf(language: string, storeName: string): (checkout: Checkout) => Facts {
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 1, useGrouping: false })
  const format = (value: number) => numbers.format(value)
  return (checkout) => ({
    checkout,
    storeName,
    format,
    slowest: checkout.recorrido ? slowestStage(checkout.recorrido) : undefined,
  })
}
