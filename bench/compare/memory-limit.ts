import { memoryLimit } from '../../test/memory-limit.ts'
import { type Comparison, inTurn } from './comparison.ts'
import { prepareDrain } from './drain.ts'
import { prepareRebuild } from './rebuild.ts'

const limited = memoryLimit('processor')
const sides = {
  measured: 'a processor with the memory limit of docker-compose.yml',
  baseline: 'without a limit',
}
const ratios = [
  { figure: 'peakMiB', title: 'memory at its peak', better: 'less', target: 0.9 },
  { figure: 'cpuUs', title: 'CPU each', better: 'less', target: 1.25 },
] as const

export const limitedDrain: Comparison = {
  name: 'limited-drain',
  ...sides,
  shown: { peakMiB: 'MiB at its peak', perSecond: 'records/s', cpuUs: 'CPU µs each' },
  ratios,
  prepare: (site) => prepareDrain(site, { settings: limited }, {}),
}

export const newView: Comparison = {
  name: 'new-view',
  ...sides,
  shown: { peakMiB: 'MiB at its peak', seconds: 'to ready, s', cpuUs: 'CPU µs each', missing: 'missing' },
  ratios,
  async prepare(site) {
    const { measure, end } = await prepareRebuild(site)
    return {
      round: inTurn(
        () => measure(limited),
        () => measure(),
      ),
      end,
    }
  },
}
