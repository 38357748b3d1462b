import type { Shares } from '../../backbone/insights/slow-purchases.ts'
import type { Counts } from './tally.ts'

/** Two-sided 95 %: the 0.975 quantile of the standard normal distribution. */
export const Z95 = 1.959963984540054

export type Interval = [lower: number, upper: number]

/**
 * The 95 % interval of a share by E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * JASA 22 (1927). Unlike the one of Wald it is right for few purchases and for shares near 0 and 1 (Brown, Cai and
 * DasGupta, Statistical Science 16, 2001).
 */
export function wilson({ of, slow }: Readonly<Counts>): Interval {
  if (of === 0) return [0, 1]
  const share = slow / of
  const squared = Z95 ** 2
  const centre = (share + squared / (2 * of)) / (1 + squared / of)
  const half = (Z95 / (1 + squared / of)) * Math.sqrt((share * (1 - share)) / of + squared / (4 * of ** 2))
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}

export const shares = ({ of, slow }: Readonly<Counts>): Shares => ({
  of,
  slow,
  share: of === 0 ? 0 : slow / of,
  interval: wilson({ of, slow }),
})

export interface Ratio {
  /** How many times as often. */
  ratio: number
  interval: Interval
}

/** The interval of a ratio that is normal on the logarithmic scale. */
export const logInterval = (ratio: number, variance: number): Interval => {
  const factor = Math.exp(Z95 * Math.sqrt(variance))
  return [ratio / factor, ratio * factor]
}

/**
 * The ratio of two shares, with the logarithmic 95 % interval of Katz, Baptista, Azen and Pike, Biometrics 34 (1978).
 * Half a purchase is added to each count if one of them is 0 (Walter, Biometrika 62, 1975).
 */
export function riskRatio(exposed: Readonly<Counts>, others: Readonly<Counts>): Ratio | undefined {
  if (exposed.of === 0 || others.of === 0) return undefined
  const half = exposed.slow === 0 || others.slow === 0 ? 0.5 : 0
  const [a, n] = [exposed.slow + half, exposed.of + half]
  const [b, m] = [others.slow + half, others.of + half]
  const ratio = a / n / (b / m)
  return { ratio, interval: logInterval(ratio, Math.max(0, 1 / a - 1 / n + 1 / b - 1 / m)) }
}
