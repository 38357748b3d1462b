/**
 * Zipf's law: rank r has a probability proportional to r^-exponent. Returns the index (rank - 1) for a
 * uniform number in [0, 1).
 */
export function createZipf(size: number, exponent: number): (uniform: number) => number {
  const cumulative = new Float64Array(size)
  let sum = 0
  for (let index = 0; index < size; index++) {
    sum += (index + 1) ** -exponent
    cumulative[index] = sum
  }

  return (uniform) => {
    const target = uniform * sum
    let low = 0
    let high = size - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (target < (cumulative[middle] ?? sum)) high = middle
      else low = middle + 1
    }
    return low
  }
}
