import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { avoidIdleTimers } from '../../backbone/kafka/idle-timers.ts'
import { endChildrenWithThisProcess } from '../children.ts'
import { formatNumber } from '../compare/format-result.ts'
import { openSite } from '../compare/site.ts'
import { file, ownFlags, someOf, wholeNumber } from '../flags.ts'
import { formatTable } from '../format-table.ts'
import { pin } from '../pin.ts'
import { createShuffle } from '../shuffled.ts'
import { formatSpread, spreadOf } from '../spread.ts'
import { MissingProgramError } from '../tools/unique-load.ts'
import { plotScales, type ScaleResult } from './plot-scales.ts'
import { type Scale, scales } from './scales.ts'

avoidIdleTimers()

const { only, rounds, seconds, plot } = ownFlags(
  'npm run bench:growth',
  'Measures how cost grows: each value of each scale, in a different order in every round.',
  {
    only: someOf(
      'only these',
      scales.map(({ name }) => name),
    ),
    rounds: wholeNumber('rounds of each value', 3),
    seconds: wholeNumber('seconds of each load, after 3 s to warm up', 5),
    plot: file('writes plots to an SVG file'),
  },
)
const shuffle = createShuffle(1)

pin(process.pid, 'rest')
const log = (line: string) => console.error(line)
const site = openSite({ seconds, records: 0, log })
endChildrenWithThisProcess(site.end)

async function measureScale(scale: Scale): Promise<ScaleResult> {
  const { name, of, title, figure, values, measure } = scale
  const points = values.map((value) => ({ value, measured: [] as number[] }))
  for (let round = 0; round < rounds; round++) {
    for (const point of shuffle(points)) {
      log(`${name}: ${formatNumber(point.value)}, round ${round + 1} of ${rounds}`)
      const figures = await measure(site, point.value)
      point.measured.push(figures[figure] ?? Number.NaN)
    }
  }
  return { name, of, title, figure, points }
}

const row = ({ value, measured }: ScaleResult['points'][number]) => [
  formatNumber(value),
  formatSpread(spreadOf(measured), formatNumber),
]

const results: ScaleResult[] = []
try {
  for (const scale of scales.filter(({ name }) => only.includes(name))) {
    try {
      const result = await measureScale(scale)
      results.push(result)
      console.log(`${formatTable([[result.of, result.title], ...result.points.map(row)])}\n`)
    } catch (error) {
      if (!(error instanceof MissingProgramError)) throw error
      console.log(`${scale.name}: skipped: ${error.message}\n`)
    }
  }
} finally {
  await site.end()
}
if (plot !== undefined) {
  mkdirSync(dirname(plot), { recursive: true })
  writeFileSync(plot, plotScales(results))
}
process.exit(0)
