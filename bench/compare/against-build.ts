import { join } from 'node:path'
import { memorySize } from '../../deploy/memory-size.ts'
import { program } from '../program.ts'
import { type BuildProgram, installBuild } from '../tools/older-build.ts'
import { type Comparison, inParts, inTurn, type Pair } from './comparison.ts'
import { measureDelays, RATE } from './delay.ts'
import { prepareDrain } from './drain.ts'
import { measureGateway } from './measure-gateway.ts'
import { prepareRebuild } from './rebuild.ts'
import type { BenchSite } from './site.ts'
import { startSystem } from './start-system.ts'

const WARM_UP_SECONDS = 5
/** The targets are relative to this commit. */
export const TARGET_BUILD = 'd4161f1'

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

// As `npm start` starts it; that of older builds does not set a memory size.
const drain: Part = (site, older) =>
  prepareDrain(site, { settings: memorySize }, { command: older('processor/main.ts') })

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

const rebuild: Part = async (site, older) => {
  const [measured, baseline] = [await prepareRebuild(site), await prepareRebuild(site, older)]
  return {
    round: inTurn(
      () => measured.measure(),
      () => baseline.measure(),
    ),
    async end() {
      await measured.end()
      await baseline.end()
    },
  }
}

const parts = { gateway, drain, delay, rebuild }

export const againstBuild: Comparison = {
  name: 'against-build',
  measured: 'this checkout',
  baseline: `the commit of --build (${TARGET_BUILD}), on the Bun that it installs`,
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
    'rebuild seconds': 'rebuild, s',
    'rebuild cpuUs': 'CPU µs each',
    'rebuild fileBytes': 'bytes each',
    'gateway lost': 'lost',
    'drain missing': 'missing',
    'drain doubled': 'duplicated',
    'rebuild missing': 'not found',
  },
  ratios: [
    { figure: 'gateway perSecond', title: 'durable checkouts/s', better: 'more', target: undefined },
    { figure: 'gateway cpuUs', title: 'CPU of a checkout', better: 'less', target: 0.7 },
    { figure: 'gateway p99', title: 'p99 of a POST', better: 'less', target: undefined },
    { figure: 'drain perSecond', title: 'drained records/s', better: 'more', target: 1.8 },
    { figure: 'drain cpuUs', title: 'CPU of a record', better: 'less', target: 0.55 },
    { figure: 'drain peakMiB', title: 'memory at its peak', better: 'less', target: 0.8 },
    { figure: 'delay p50', title: 'POST to notification, p50', better: 'less', target: 0.6 },
    { figure: 'delay p99', title: 'POST to notification, p99', better: 'less', target: 0.7 },
    { figure: 'delay brokerUs', title: `CPU of the broker at ${RATE}/s`, better: 'less', target: 0.7 },
    { figure: 'rebuild fileBytes', title: 'read model, bytes of an outcome', better: 'less', target: 0.4 },
    { figure: 'rebuild seconds', title: 'time to recreate the read model', better: 'less', target: 0.5 },
  ],
  hasTargets: ({ build = TARGET_BUILD }) => build.startsWith(TARGET_BUILD),
  async prepare(site) {
    const older = await installBuild(site.build ?? TARGET_BUILD, join(site.folder, 'build'))
    const pairs: Record<string, Pair> = {}
    for (const [name, prepare] of Object.entries(parts)) pairs[name] = await prepare(site, older)
    return inParts(pairs)
  },
}
