import { program } from '../program.ts'
import { type Comparison, type Figures, inTurn, type Pair, type Round } from './comparison.ts'
import { prepareDrain } from './drain.ts'
import { measureGateway } from './measure-gateway.ts'
import { startTraceSink } from './trace-sink.ts'

const SHARE = 0.01

const named = (part: string, figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).map(([figure, value]) => [`${part} ${figure}`, value]))

/** Each round has a gateway on either side, then a processor that drains records of which 1 % have a sampled trace. */
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
    const gateway = (own: Record<string, string>) => () =>
      measureGateway({
        cluster,
        command: program('gateway/main.ts'),
        seconds: site.seconds,
        shape: { connections: 256, batch: 1 },
        settings: own,
      })
    const drain = await prepareDrain(site, { settings }, {}, { sampled: SHARE })
    const gateways = inTurn(gateway(settings), gateway({}))
    const round = async (measuredFirst: boolean): Promise<Round> => {
      const before = sink.exports()
      const { measured, baseline } = await gateways(measuredFirst)
      const drained = await drain.round(measuredFirst)
      const exports = sink.exports() - before
      return {
        measured: { ...named('gateway', measured), ...named('drain', drained.measured), exports },
        baseline: { ...named('gateway', baseline), ...named('drain', drained.baseline), exports: 0 },
      }
    }
    const pair: Pair = {
      round,
      async end() {
        await sink.stop()
        await drain.end?.()
      },
    }
    return pair
  },
}
