import { join } from 'node:path'
import { program } from '../program.ts'
import { type BuildProgram, installBuild } from '../tools/older-build.ts'
import { MissingProgramError } from '../tools/unique-load.ts'
import { type Comparison, inParts, inTurn, type Pair } from './comparison.ts'
import { measureDelays, RATE } from './delay.ts'
import { prepareDrain } from './drain.ts'
import { measureGateway } from './measure-gateway.ts'
import type { BenchSite } from './site.ts'
import { startSystem } from './start-system.ts'

const WARM_UP_SECONDS = 5

type Part = (site: BenchSite, older: BuildProgram) => Promise<Pair>

const gateway: Part = async ({ cluster, seconds }, older) => {
  const one = await cluster(1)
  const measure = (build: BuildProgram) => () =>
    measureGateway({
      cluster: one,
      command: build('gateway/main.ts'),
      seconds,
      shape: { connections: 256, batch: 1 },
    })
  return { round: inTurn(measure(program), measure(older)) }
}

const drain: Part = (site, older) => prepareDrain(site, {}, { command: older('processor/main.ts') })

const delay: Part = (site, older) => {
  const measure = (build: BuildProgram) => async () => {
    const system = await startSystem(site, { build })
    try {
      await measureDelays(system, WARM_UP_SECONDS)
      const { measured } = await measureDelays(system, site.seconds)
      return measured
    } finally {
      await system.end()
    }
  }
  return Promise.resolve({ round: inTurn(measure(program), measure(older)) })
}

const parts = { gateway, drain, delay }

export const againstBuild: Comparison = {
  name: 'against-build',
  measured: 'this checkout',
  baseline: 'the commit of --build, on the Bun that it installs',
  shown: {
    'gateway perSecond': 'checkouts/s',
    'gateway cpuUs': 'CPU µs each',
    'gateway p99': 'p99, ms',
    'drain perSecond': 'records/s',
    'drain cpuUs': 'CPU µs each',
    'drain peakMiB': 'MiB at its peak',
    'delay p50': 'delay p50, ms',
    'delay p99': 'p99, ms',
    'delay brokerUs': 'CPU µs of the broker for each checkout',
    'delay gatewayUs': 'of the gateway',
    'delay processorUs': 'of the processor',
    'gateway lost': 'lost',
    'drain missing': 'missing',
    'drain doubled': 'duplicated',
  },
  ratios: [
    { figure: 'gateway perSecond', title: 'durable checkouts/s', better: 'more', target: undefined },
    { figure: 'gateway cpuUs', title: 'CPU of a checkout', better: 'less', target: undefined },
    { figure: 'gateway p99', title: 'p99 of a POST', better: 'less', target: undefined },
    { figure: 'drain perSecond', title: 'drained records/s', better: 'more', target: undefined },
    { figure: 'drain cpuUs', title: 'CPU of a record', better: 'less', target: undefined },
    { figure: 'drain peakMiB', title: 'memory at its peak', better: 'less', target: undefined },
    { figure: 'delay p50', title: 'POST to notification, p50', better: 'less', target: undefined },
    { figure: 'delay p99', title: 'POST to notification, p99', better: 'less', target: undefined },
    { figure: 'delay brokerUs', title: `CPU of the broker at ${RATE}/s`, better: 'less', target: undefined },
  ],
  async prepare(site) {
    if (site.build === undefined) throw new MissingProgramError('--build COMMIT is required')
    const older = await installBuild(site.build, join(site.folder, 'build'))
    const pairs: Record<string, Pair> = {}
    for (const [name, prepare] of Object.entries(parts)) pairs[name] = await prepare(site, older)
    return inParts(pairs)
  },
}
