import { avoidIdleTimers } from '../../backbone/kafka/idle-timers.ts'
import { endChildrenWithThisProcess } from '../children.ts'
import { formatNumber } from '../compare/format-result.ts'
import { commit, ownFlags, someOf, wholeNumber } from '../flags.ts'
import { formatTable } from '../format-table.ts'
import { pin } from '../pin.ts'
import { program } from '../program.ts'
import { scratchFile } from '../scratch.ts'
import { createShuffle } from '../shuffled.ts'
import { formatSpread, spreadOf } from '../spread.ts'
import { installBuild } from '../tools/older-build.ts'
import { type Measured, measureCluster, type Run } from './measure-cluster.ts'
import { settings } from './settings.ts'

avoidIdleTimers()
pin(process.pid, 'rest')

const { only, delays, rate, seconds, rounds, build } = ownFlags(
  'npm run bench:replication',
  'Measures how long a POST waits for three brokers that are 0, 1 and 5 ms apart, by their settings.',
  {
    only: someOf(
      'only these',
      settings.map(({ name }) => name),
    ),
    delays: someOf('milliseconds each way between brokers', ['0', '1', '5']),
    rate: wholeNumber('checkouts per second', 300),
    seconds: wholeNumber('seconds of each load', 10),
    rounds: wholeNumber('rounds, each on new clusters and in another order', 3),
    build: commit('also measure the first setting with the gateway of this commit'),
  },
)

endChildrenWithThisProcess()
const delaysMs = delays.map(Number)
const chosen = settings.filter(({ name }) => only.includes(name))
const runs: Run[] = chosen.map((setting) => ({ name: setting.name, setting, build: program }))
const [first] = runs
if (first && build !== undefined)
  runs.push({
    ...first,
    name: `${first.name} at ${build}`,
    build: await installBuild(build, scratchFile('build')),
  })
const clusters = [...Map.groupBy(runs, ({ setting }) => setting.cluster).values()]

const shuffle = createShuffle(1)
const measured: Measured[] = []
for (let round = 1; round <= rounds; round++)
  for (const ofCluster of shuffle(clusters)) {
    console.error(`round ${round} of ${rounds}: ${ofCluster.map(({ name }) => name).join(', ')}`)
    measured.push(...(await measureCluster(ofCluster, { rate, seconds, delaysMs, shuffle })))
  }

const references = [...runs.slice(0, 1), ...runs.slice(chosen.length)].map(({ name }) => name)
const shown = ['p50', 'p99', 'brokersCpu'] as const
const spread = (values: number[]) => formatSpread(spreadOf(values), formatNumber)
for (const delayMs of delaysMs) {
  const figures = (run: string, figure: (typeof shown)[number]) =>
    measured.flatMap((each) => (each.run === run && each.delayMs === delayMs ? [each[figure]] : []))
  const ratios = (run: string, reference: string) => {
    const baseline = figures(reference, 'p99')
    return figures(run, 'p99').map((p99, round) => p99 / (baseline[round] ?? Number.NaN))
  }
  const heading = ['', 'p50, ms', 'p99, ms', 'cores of the brokers']
  const rows = runs.map(({ name }) =>
    [name].concat(
      shown.map((figure) => spread(figures(name, figure))),
      references.map((reference) => spread(ratios(name, reference))),
    ),
  )
  console.log(`\n${delayMs} ms each way between brokers, ${rate} checkouts/s`)
  console.log(formatTable([[...heading, ...references.map((name) => `p99 to ${name}`)], ...rows]))
}
console.log(`\n${chosen.map(({ name, risk }) => `${name}: ${risk}`).join('\n')}`)
process.exit(0)
