import type { SlowPurchases, StageOfAll } from '../../backbone/insights/slow-purchases.ts'
import type { Purchase } from './purchase.ts'

type StageRow = SlowPurchases['stages'][number]
type Timed = Pick<Purchase, 'isSlow' | 'minutes' | 'stages'>

/** Minutes in each stage of slow and quick purchases, the greatest part of the difference first. */
export function compareStages(purchases: readonly Timed[]): StageRow[] {
  const staged = purchases.filter(({ stages }) => stages.length > 0)
  const names = new Set(staged.flatMap(({ stages }) => stages.map(({ stage }) => stage)))
  const slow = staged.filter(({ isSlow }) => isSlow)
  const quick = staged.filter(({ isSlow }) => !isSlow)
  const rows = [...names].map((stage) => {
    const [ofSlow, ofQuick] = [slow.map(minutesIn(stage)), quick.map(minutesIn(stage))]
    return {
      stage,
      slowMinutes: median(ofSlow),
      quickMinutes: median(ofQuick),
      excess: Math.max(0, mean(ofSlow) - mean(ofQuick)),
    }
  })
  const all = rows.reduce((sum, { excess }) => sum + excess, 0)
  return rows
    .toSorted((a, b) => b.excess - a.excess)
    .map(({ stage, slowMinutes, quickMinutes, excess }) => {
      return { stage, slowMinutes, quickMinutes, shareOfExcess: all === 0 ? 0 : excess / all }
    })
}

/** The stage that takes the extra time of these slow purchases, compared with usual minutes of each stage. */
export function slowestStage(slow: readonly Timed[], usual: readonly StageRow[]): StageOfAll | null {
  const staged = slow.filter(({ stages }) => stages.length > 0)
  if (staged.length === 0) return null
  const medians = usual.map(({ stage, quickMinutes }) => {
    const minutes = median(staged.map(minutesIn(stage)))
    return { stage, minutes, excess: minutes - quickMinutes }
  })
  const [slowest] = medians.toSorted((a, b) => b.excess - a.excess)
  if (slowest === undefined || slowest.minutes === 0) return null
  const { stage, minutes } = slowest
  return { stage, minutes, ofMinutes: median(staged.map((purchase) => purchase.minutes)) }
}

const minutesIn =
  (name: string) =>
  ({ stages }: Timed): number =>
    stages.reduce((sum, { stage, seconds }) => (stage === name ? sum + seconds / 60 : sum), 0)

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).toSorted()
  const middle = sorted.length >> 1
  if (sorted.length === 0) return 0
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
