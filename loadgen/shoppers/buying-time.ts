import { normalQuantile } from './normal-quantile.ts'

export const QUICK_MINUTES = { min: 0.1, max: 30 }
const SLOW_MINUTES = { min: 30.1, max: 24 * 60 }
const SIGMA = 1
// Beyond these shares the median would be implausible.
const TAIL = { min: 0.01, max: 0.99 }

/**
 * Minutes to buy, from a uniform number in [0, 1): log-normal, ln(taps) ~ N(mu, sigma^2), with mu placed so that the
 * share `slow` takes longer than 30 minutes: mu = ln(30) - sigma * z(1 - slow), z being the normal quantile.
 *
 * Why log-normal: it is what the time to serve a customer looks like (Brown et al., Statistical Analysis of a Telephone
 * Call Center, JASA 100, 2005), and task times are skewed such that the geometric mean is their best centre (Sauro and
 * Lewis, Average Task Times in Usability Tests, CHI 2010). Sigma is our choice: with 1, and a fifth being slow, half
 * need less than 13 minutes and a tenth more than 46.
 *
 * The quick and the slow are drawn apart, each from its side of that distribution, so the share is exact after rounding
 * too, and where `slow` is so near 0 or 1 that mu is held at the quantile of 1 % or 99 %.
 */
export function createBuyingTime(slow: number): (uniform: number) => number {
  const tail = clamp(slow, TAIL)
  const mu = Math.log(QUICK_MINUTES.max) - SIGMA * normalQuantile(1 - tail)
  const minutesAt = (probability: number) =>
    Math.round(10 * Math.exp(mu + SIGMA * normalQuantile(probability))) / 10

  return (uniform) =>
    uniform < slow
      ? clamp(minutesAt(1 - tail * (uniform / slow)), SLOW_MINUTES)
      : clamp(minutesAt((1 - tail) * ((uniform - slow) / (1 - slow))), QUICK_MINUTES)
}

const clamp = (value: number, { min, max }: { min: number; max: number }) =>
  Math.min(max, Math.max(min, value))
