import type { Residual } from './residuals.ts'

/** Coefficients of {@link termsOf}. */
export type Variance = readonly [number, number, number]

type Expectation = Pick<Residual, 'expected' | 'shift'>

/** Variance of a stabilised value: noise; errors in proportion to the level; distance from the seasons. */
const termsOf = ({ expected, shift }: Expectation, dispersion: number): Variance => [
  1,
  expected / dispersion,
  (expected / dispersion) * shift ** 2,
]

const dot = (a: Variance, b: Variance) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

export const deviationOf = (variance: Variance, expectation: Expectation, dispersion: number): number =>
  Math.sqrt(dot(termsOf(expectation, dispersion), variance))

const PASSES = 3
const ROUNDS = 50
/** Squared deviations beyond it are clipped: rare promotions are no noise. */
const MOST = 16

/** Weighted least squares of the squared errors, with limits of the coefficients. */
export function fitVariance(residuals: readonly Residual[], dispersion: number): Variance {
  let variance: Variance = [1, 0.01, 0.25]
  for (let pass = 0; pass < PASSES; pass++) {
    const next = solve(normalEquations(residuals, variance, dispersion), variance)
    if (next.every((coefficient) => coefficient === 0)) break
    variance = next
  }
  return variance
}

/** In a calm past, the distance from the seasons is noise, which tells nothing about the first promotion. */
const GREATEST: Variance = [Infinity, Infinity, 0.25]

interface Equations {
  left: [Variance, Variance, Variance]
  right: Variance
}

function normalEquations(residuals: readonly Residual[], variance: Variance, dispersion: number): Equations {
  const left = new Float64Array(9)
  const right = new Float64Array(3)
  for (const residual of residuals) {
    const terms = termsOf(residual, dispersion)
    const now = dot(terms, variance)
    if (now <= 0) continue
    const square = Math.min(residual.error ** 2, MOST * now)
    const weight = residual.weight / now ** 2
    for (let i = 0; i < 3; i++) {
      right[i]! += weight * terms[i]! * square
      for (let j = 0; j < 3; j++) left[3 * i + j]! += weight * terms[i]! * terms[j]!
    }
  }
  const row = (i: number): Variance => [left[3 * i]!, left[3 * i + 1]!, left[3 * i + 2]!]
  return { left: [row(0), row(1), row(2)], right: [right[0]!, right[1]!, right[2]!] }
}

/** By coordinate descent. */
function solve({ left, right }: Equations, start: Variance): Variance {
  const solution: [number, number, number] = [...start]
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < 3; i++) {
      const row = left[i]!
      if (row[i]! <= 0) continue
      const others = dot(row, solution) - row[i]! * solution[i]!
      solution[i] = Math.min(GREATEST[i]!, Math.max(0, (right[i]! - others) / row[i]!))
    }
  }
  return solution
}
