import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { hideKafkajsWarning } from '../../deploy/hide-kafkajs-warning.ts'
import { endChildrenWithThisProcess } from '../children.ts'
import { formatNumber } from '../compare/format-result.ts'
import { openSite } from '../compare/site.ts'
import { formatTable } from '../format-table.ts'
import { pin } from '../pin.ts'
import { createShuffle } from '../shuffled.ts'
import { formatSpread, spreadOf } from '../spread.ts'
import { MissingProgramError } from '../tools/unique-load.ts'
import { plotScales, type ScaleResult } from './plot-scales.ts'
import { type Scale, scales } from './scales.ts'

// How cost grows: each value of each scale, in every round in another order.

hideKafkajsWarning()
endChildrenWithThisProcess()

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: scales.map(({ name }) => name).join(',') },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    plot: { type: 'string' },
  },
})
const shuffle = createShuffle(1)
const [rounds, seconds] = [Number(flags.rounds), Number(flags.seconds)]
const only = flags.only.split(',')
const unknown = only.filter((name) => !scales.some((scale) => scale.name === name))
if (unknown.length > 0 || !(rounds >= 1 && seconds >= 1)) {
  console.error(
    `--only has ${scales.map(({ name }) => name).join(', ')}; --rounds and --seconds are at least 1`,
  )
  process.exit(2)
}

pin(process.pid, 'rest')
const tell = (line: string) => console.error(line)
const site = openSite({ seconds, records: 0, tell })

async function measureScale(scale: Scale): Promise<ScaleResult> {
  const { name, of, title, figure, values, measure } = scale
  const points = values.map((value) => ({ value, measured: [] as number[] }))
  for (let round = 0; round < rounds; round++) {
    for (const point of shuffle(points)) {
      tell(`${name}: ${formatNumber(point.value)}, round ${round + 1} of ${rounds}`)
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
      console.log(`${scale.name}: left out: ${error.message}\n`)
    }
  }
} finally {
  await site.end()
}
if (flags.plot !== undefined) {
  mkdirSync(dirname(flags.plot), { recursive: true })
  writeFileSync(flags.plot, plotScales(results))
}
process.exit(0)
