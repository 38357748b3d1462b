import type { factors, Shares, SlowCause } from '../../../../backbone/insights/slow-purchases.ts'
import { barCell } from '../elements/bar.ts'
import { count, oneDecimal, preciseShare } from '../format.ts'
import { texts } from '../texts.ts'

const { insights: text } = texts

interface Trait {
  factor: (typeof factors)[number]
  value?: string | undefined
}

/** `City Ñuñoa, error 51`; without a value, the mix of the factor. */
export const traitWords = (traits: readonly Trait[]): string =>
  traits
    .map(({ factor, value }) => (value === undefined ? text.mixes[factor] : text.traits[factor](value)))
    .join(', ')

export const traitTitle = (traits: readonly Trait[]): string => {
  const words = traitWords(traits)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export const slowOf = ({ slow, of }: Pick<Shares, 'slow' | 'of'>): string =>
  text.slowOf(count(slow), count(of))

/** `91.1 % (87.6–93.7 %)`. */
export const intervalText = ({ share, interval: [lower, upper] }: Shares): string =>
  `${preciseShare(share)} (${oneDecimal(lower * 100)}–${preciseShare(upper)})`

export const shareCell = (shares: Shares): HTMLElement =>
  barCell(intervalText(shares), shares.share, shares.interval)

/** `5.3 (4.1–6.8)`. */
export const ratioText = (ratio: SlowCause['lift']): string =>
  ratio === null
    ? text.causes.noOthers
    : `${oneDecimal(ratio.ratio)} (${oneDecimal(ratio.interval[0])}–${oneDecimal(ratio.interval[1])})`
