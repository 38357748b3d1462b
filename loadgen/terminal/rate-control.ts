const STEP = 1.1
const LEAST = 0.01
const MOST = 100

/** Effect of the keys on the rate: ten percent more, ten percent less, or the planned rate. */
export function createRateControl(change: (factor: number) => void) {
  let factor = 1
  // Ten steps up and ten steps down must give the initial rate.
  const rounded = () => Number(factor.toPrecision(6))
  function set(next: number) {
    const before = rounded()
    factor = Math.min(MOST, Math.max(LEAST, next))
    if (rounded() !== before) change(rounded())
  }
  return {
    faster: () => set(factor * STEP),
    slower: () => set(factor / STEP),
    asPlanned: () => set(1),
  }
}
