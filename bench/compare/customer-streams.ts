import { type Comparison, inTurn } from './comparison.ts'
import { measureProcessor } from './measure-processor.ts'

const STREAMS = 1_000

export const customerStreams: Comparison = {
  name: 'customer-streams',
  measured: `a processor at 300 checkouts/s with ${STREAMS} open streams, each of a different customer`,
  baseline: 'the same without streams',
  shown: { cpuUs: 'CPU µs a checkout', missing: 'missing', doubled: 'duplicated' },
  ratios: [{ figure: 'cpuUs', title: 'CPU a checkout', better: 'less', target: undefined }],
  prepare: (site) =>
    Promise.resolve({
      round: inTurn(
        () => measureProcessor(site, { streams: STREAMS }),
        () => measureProcessor(site, {}),
      ),
    }),
}
