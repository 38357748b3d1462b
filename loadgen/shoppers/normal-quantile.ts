const CENTRAL = 0.425
// Beyond one in 10^11 the coefficients below are invalid, and no draw of 32 bits needs more.
const FARTHEST = 5

/** The quantile of the standard normal distribution: Wichura's AS 241 (1988), PPND7. */
export function normalQuantile(probability: number): number {
  const offset = probability - 0.5
  if (Math.abs(offset) <= CENTRAL) {
    const r = CENTRAL ** 2 - offset ** 2
    return (
      (offset * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)) /
      (((67.18756336 * r + 78.757757664) * r + 17.895169469) * r + 1)
    )
  }
  const r = Math.min(Math.sqrt(-Math.log(0.5 - Math.abs(offset))), FARTHEST) - 1.6
  const distance =
    (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777) /
    ((0.12021132975 * r + 0.7370016425) * r + 1)
  return Math.sign(offset) * distance
}
