import type { SlowCause, SlowPurchases } from '../../backbone/insights/slow-purchases.ts'

/** What the paragraph is made of: the numbers of the answer. */
export type Facts = Omit<SlowPurchases, 'text'>

/** The two parts of a cause; at least one is there. */
export function partsOf({ traits }: Pick<SlowCause, 'traits'>) {
  const valueOf = (...factors: string[]) => traits.find(({ factor }) => factors.includes(factor))
  return { background: valueOf('product', 'city', 'hour'), arisen: valueOf('stage', 'error') }
}

/** Minutes without decimals, or with one if there are fewer than ten. */
export function minutesIn(locale: string): (minutes: number) => string {
  const [few, many] = [1, 0].map((digits) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }))
  return (minutes) => (minutes < 10 ? few : many)?.format(minutes) ?? ''
}

export const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
