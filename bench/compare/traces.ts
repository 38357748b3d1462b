import { program } from '../program.ts'
import { type Comparison, inParts } from './comparison.ts'
import { prepareDrain } from './drain.ts'
import { inSlices } from './measure-gateway.ts'
import { startTraceSink } from './trace-sink.ts'

const SHARE = 0.01

/**
 * Each round has two gateways that are loaded in turn, then, on either side, a processor that drains records of which 1 %
 * have a sampled trace.
 */
export const traces: Comparison = {
  name: 'traces',
  measured: 'a gateway and a processor that trace 1 % of the checkouts, to a sink in this process',
  baseline: 'the same without traces',
  shown: {
    'gateway perSecond': 'checkouts/s',
    'gateway cpuUs': 'CPU µs each',
    'gateway p99': 'p99, ms',
    'drain perSecond': 'records/s',
    'drain cpuUs': 'CPU µs each',
    'drain peakMiB': 'MiB at its peak',
    'gateway lost': 'lost',
    'drain missing': 'missing',
    exports: 'exports of spans',
  },
  ratios: [
    { figure: 'gateway cpuUs', title: 'CPU of a checkout', better: 'less', target: 1.03 },
    { figure: 'drain cpuUs', title: 'CPU of a record', better: 'less', target: 1.03 },
    { figure: 'gateway perSecond', title: 'checkouts/s', better: 'more', target: undefined },
    { figure: 'drain perSecond', title: 'records/s', better: 'more', target: undefined },
  ],
  async prepare(site) {
    const sink = startTraceSink()
    const settings = {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: String(SHARE),
    }
    const cluster = await site.cluster(1)
    const gateway = {
      cluster,
      command: program('gateway/main.ts'),
      seconds: site.seconds,
      shape: { connections: 256, batch: 1 },
    }
    const drain = await prepareDrain(site, { settings }, {}, { sampled: SHARE })
    const parts = inParts({ gateway: { round: inSlices({ ...gateway, settings }, gateway) }, drain })
    return {
      async round(measuredFirst) {
        const before = sink.exports()
        const { measured, baseline } = await parts.round(measuredFirst)
        const exports = sink.exports() - before
        return { measured: { ...measured, exports }, baseline: { ...baseline, exports: 0 } }
      },
      async end() {
        await sink.stop()
        await parts.end()
      },
    }
  },
}
