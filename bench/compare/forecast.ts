import { join } from 'node:path'
import { backtest, methods, type Tally } from '../forecast/backtest.ts'
import { generateYear } from '../forecast/generated-year.ts'
import { installPublicSeries } from '../forecast/public-series.ts'
import type { Series } from '../forecast/series.ts'
import { formatTable } from '../format-table.ts'
import type { Comparison, Ratio, Round } from './comparison.ts'

const VOLUMES = [2, 20, 200, 2_000, 20_000, 60_000]
/** Of a generated year. */
const ORIGINS = 100
/** The public series are short: with fewer origins the share within the band is off by chance. */
const PUBLIC_ORIGINS = 500
const NAMES = [
  ...VOLUMES.map((perMinute) => `${perMinute.toLocaleString('en')}/min`),
  'electricity',
  'bicycles',
]
/** A share from 85 to 95 % is right. */
const POINTS_OFF = 5

type Tallies = Record<string, Tally>

const mase = (tally: Tally, method: keyof Tally['errors']) => tally.errors[method] / tally.steps

/** Of the naive methods, the best for each series. */
function figuresOf(tallies: Tallies): Round {
  const measured: Record<string, number> = {}
  const baseline: Record<string, number> = {}
  for (const [name, tally] of Object.entries(tallies)) {
    measured[name] = mase(tally, 'forecast')
    baseline[name] = Math.min(mase(tally, 'naive'), mase(tally, 'daily'), mase(tally, 'weekly'))
  }
  const generated = VOLUMES.flatMap((_, i) => tallies[NAMES[i]!] ?? [])
  for (const [name, some] of [
    ['generated', generated],
    ['electricity', [tallies['electricity']!]],
    ['bicycles', [tallies['bicycles']!]],
  ] as const) {
    measured[`off ${name}`] = Math.max(...groups(some).map(({ percent }) => Math.abs(percent - 90)))
    baseline[`off ${name}`] = POINTS_OFF
  }
  const total = (of: 'cpuMs' | 'origins') => generated.reduce((sum, tally) => sum + tally[of], 0)
  return { measured: { ...measured, milliseconds: total('cpuMs') / total('origins') }, baseline }
}

/** Percent within the band, by thirds of the horizon and of the levels. */
function groups(tallies: readonly Tally[]) {
  return (['horizons', 'levels'] as const).flatMap((by) =>
    [0, 1, 2].flatMap((third) => {
      const sum = (of: 'steps' | 'inside') =>
        tallies.reduce((total, tally) => total + tally[by][third]![of], 0)
      return sum('steps') === 0 ? [] : { by, third, percent: (100 * sum('inside')) / sum('steps') }
    }),
  )
}

const percents = (tally: Tally) =>
  groups([tally])
    .map(({ percent }) => percent.toFixed(0))
    .join(' ')

function formatTallies(tallies: Tallies): string {
  const rows = Object.entries(tallies).map(([name, tally]) =>
    [name].concat(
      methods.map((method) => mase(tally, method).toFixed(2)),
      (tally.width / tally.steps).toFixed(2),
      (tally.score / tally.steps).toFixed(2),
      percents(tally),
    ),
  )
  return formatTable([
    ['series', ...methods, 'width', 'interval score', 'within, % by horizon and level'],
    ...rows,
  ])
}

const ratios: Ratio[] = [
  ...NAMES.map((name): Ratio => ({ figure: name, title: `MASE of ${name}`, better: 'less', target: 1 })),
  ...['generated', 'electricity', 'bicycles'].map(
    (name): Ratio => ({
      figure: `off ${name}`,
      title: `${name}: points off 90 % within the band, worst of horizons and levels; ${POINTS_OFF} points`,
      better: 'less',
      target: 1,
    }),
  ),
]

const shown = {
  ...Object.fromEntries(NAMES.map((name) => [name, `MASE ${name}`])),
  milliseconds: 'CPU ms a forecast',
}

export const forecast: Comparison = {
  name: 'forecast',
  measured: 'the next steps, from five weeks',
  baseline: 'the best of naive, daily and weekly naive',
  shown,
  ratios,
  async prepare({ folder }) {
    console.error('forecast: installing the public series')
    const publicSeries = await installPublicSeries(join(folder, 'series'))
    let seed = 0
    return {
      // The seed is the round, so that each run gives the same figures.
      round() {
        seed++
        const tallies: Tallies = {}
        const add = (series: Series, origins: number) => {
          console.error(`forecast: seed ${seed}, ${series.name}`)
          tallies[series.name] = backtest(series, origins, seed)
        }
        for (const perMinute of VOLUMES) add(generateYear(seed, perMinute), ORIGINS)
        for (const series of publicSeries) add(series, PUBLIC_ORIGINS)
        console.log(`forecast: seed ${seed}\n${formatTallies(tallies)}\n`)
        return Promise.resolve(figuresOf(tallies))
      },
    }
  },
}
