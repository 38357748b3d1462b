import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Difference,
  type SlowPurchases,
  slowPurchasesSchema,
} from '../../backbone/insights/slow-purchases.ts'
import type { Pipelines } from './start-pipelines.ts'

type Row = Pick<Difference, 'traits' | 'of' | 'slow' | 'share' | 'interval' | 'lift' | 'adjusted'>
type Table = Pick<SlowPurchases, 'purchases' | 'staged'> & { differences: Row[] }

// Sums of floating-point numbers depend on their order.
const PRECISION = 1e-9
const LOOK_MS = 500
const ATTEMPTS = 120

export interface InsightsComparison {
  rows: number
  /** What is unequal. */
  faults: string[]
}

/** Asks the processor why purchases were slow, as soon as it knows so many. */
export async function askWhySlow(
  { gateway }: Pipelines,
  since: Date,
  purchases: number,
): Promise<SlowPurchases> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const query = new URLSearchParams({ since: since.toISOString(), until: new Date().toISOString() })
    const response = await fetch(`${gateway}/insights/slow?${query.toString()}`)
    if (!response.ok) throw new Error(`GET /insights/slow was answered with ${response.status}`)
    const answer = slowPurchasesSchema.parse(await response.json())
    if (answer.sampled !== null) throw new Error('the processor has read only a part of the outcomes')
    if (answer.purchases.of === purchases) return answer
    await sleep(LOOK_MS)
  }
  throw new Error(`the processor does not know ${purchases} purchases`)
}

/** Asks Spark about the same outcomes. */
export async function compareInsights({ brokers, topics, spark }: Pipelines, ours: SlowPurchases) {
  await spark.stop()
  const output = await spark.run('slow_insights.py', [
    `--brokers=${brokers.join(',')}`,
    `--topic=${topics.notifications}`,
    `--since=${ours.since}`,
    `--until=${ours.until}`,
    `--time-zone=${ours.timeZone}`,
    '--most=100000',
  ])
  return compareTables(ours, JSON.parse(output) as Table)
}

/** Each row of the processor that has one trait must be a row of Spark. */
export function compareTables(ours: Table, spark: Table): InsightsComparison {
  const rows = ours.differences.filter(({ traits }) => traits.length === 1)
  const others = new Map(spark.differences.map((row) => [key(row), row]))
  const faults = rows.flatMap((row) => {
    const other = others.get(key(row))
    return other && areClose(numbersOf(row), numbersOf(other)) ? [] : [key(row)]
  })
  const totals = (table: Table) => [table.purchases.of, table.purchases.slow, table.staged]
  if (!areClose(totals(ours), totals(spark))) {
    faults.push(`purchases, slow, staged: ${totals(ours).join(', ')}; Spark ${totals(spark).join(', ')}`)
  }
  return { rows: rows.length, faults }
}

const key = ({ traits }: Row): string => traits.map(({ factor, value }) => `${factor} ${value}`).join()

const numbersOf = ({ of, slow, share, interval, lift, adjusted }: Row): number[] => [
  of,
  slow,
  share,
  ...interval,
  ...ratioNumbers(lift),
  ...ratioNumbers(adjusted),
]

const ratioNumbers = (ratio: Row['lift']): number[] =>
  ratio ? [ratio.ratio, ...ratio.interval] : [Number.NaN]

const areClose = (some: number[], others: number[]): boolean =>
  some.length === others.length &&
  some.every((value, index) => {
    const other = others[index] ?? Number.NaN
    if (Number.isNaN(value)) return Number.isNaN(other)
    return Math.abs(value - other) <= PRECISION * Math.max(1, Math.abs(value))
  })
