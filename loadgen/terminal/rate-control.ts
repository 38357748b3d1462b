const STEP = 1.1
const LEAST = 0.01
const MOST = 100

/** What the keys do to the rate: a tenth more, a tenth less, or what was planned. */
export function createRateControl(change: (factor: number) => void) {
  let factor = 1
  function set(next: number) {
    factor = Math.min(MOST, Math.max(LEAST, next))
    // Ten steps up and ten down again is where it was.
    change(Number(factor.toPrecision(6)))
  }
  return {
    faster: () => set(factor * STEP),
    slower: () => set(factor / STEP),
    asPlanned: () => set(1),
  }
}
