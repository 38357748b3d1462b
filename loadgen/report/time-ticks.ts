const MOST_TICKS = 10
const MINUTE = 60
const HOUR = 60 * MINUTE
const STEPS = [1, 2, 5, 10, 15, 30]
const ALL_STEPS = [...STEPS, ...STEPS.map((step) => step * MINUTE), ...[1, 2, 3, 6, 12].map((h) => h * HOUR)]

/** Round clock times, in seconds. */
export function timeTicks(seconds: number): { ticks: number[]; text: (at: number) => string; unit: string } {
  const day = 24 * HOUR
  const step =
    ALL_STEPS.find((each) => seconds / each <= MOST_TICKS) ?? day * Math.ceil(seconds / day / MOST_TICKS)
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step)
  const inHours = step >= MINUTE && seconds >= HOUR
  const small = inHours ? MINUTE : 1
  return {
    ticks,
    text: (at) => `${Math.floor(at / small / 60)}:${String((at / small) % 60).padStart(2, '0')}`,
    unit: inHours ? 'h:min' : 'min:s',
  }
}
