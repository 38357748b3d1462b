import { inProject, program } from '../program.ts'
import { buildGo } from '../tools/build-go.ts'
import type { LoadShape } from '../tools/unique-load.ts'
import { type Comparison, inTurn } from './comparison.ts'
import { measureGateway } from './measure-gateway.ts'
import { measureProducer } from './measure-producer.ts'

const gateway = program('gateway/main.ts')
const withoutKafka = program('bench/servers/unstored-gateway.ts')
const ofAnAfternoon = [inProject('node_modules/.bin/node'), inProject('bench/servers/afternoon-gateway.js')]

const single = { connections: 256, batch: 1 }
const shown = {
  perSecond: 'checkouts/s',
  cpuUs: 'CPU µs each',
  p50: 'p50, ms',
  p99: 'p99, ms',
  lost: 'lost',
  doubled: 'duplicated',
}

interface Side {
  brokers?: 1 | 3
  command?: string[]
  shape?: LoadShape
  stores?: boolean
  processes?: number
  settings?: Record<string, string>
}

/** A gateway on one broker with single checkouts, except for the properties of a side. */
const sides =
  (one: Side, other: Side): Comparison['prepare'] =>
  async ({ cluster, seconds }) => {
    const sideOf = async ({ brokers = 1, ...side }: Side) => {
      const run = { command: gateway, shape: single, ...side, cluster: await cluster(brokers), seconds }
      return () => measureGateway(run)
    }
    return { round: inTurn(await sideOf(one), await sideOf(other)) }
  }

export const durable: Comparison = {
  name: 'durable',
  measured: 'a gateway',
  baseline: 'the same without Kafka: answers after validation',
  shown,
  ratios: [{ figure: 'perSecond', title: 'checkouts/s', better: 'more', target: 0.75 }],
  prepare: sides({}, { command: withoutKafka, stores: false }),
}

export const afternoon: Comparison = {
  name: 'afternoon',
  measured: 'a gateway',
  baseline: 'Fastify with an idempotent kafkajs send for each request, on Node',
  shown,
  ratios: [
    { figure: 'perSecond', title: 'checkouts/s', better: 'more', target: 9 },
    { figure: 'cpuUs', title: 'CPU each', better: 'less', target: 1 / 8 },
    { figure: 'p99', title: 'p99', better: 'less', target: 1 / 5 },
  ],
  prepare: sides({}, { command: ofAnAfternoon }),
}

export const afternoonGo: Comparison = {
  name: 'afternoon-go',
  measured: 'a gateway',
  baseline: "Go's net/http with an idempotent ProduceSync of franz-go for each request, GOMAXPROCS=1",
  shown: { ...shown, peakMiB: 'MiB at its peak' },
  ratios: [
    { figure: 'perSecond', title: 'checkouts/s', better: 'more', target: 0.8 },
    { figure: 'p99', title: 'p99', better: 'less', target: 1.5 },
    { figure: 'peakMiB', title: 'memory at its peak', better: 'less', target: 4 },
    { figure: 'cpuUs', title: 'CPU each', better: 'less', target: undefined },
  ],
  async prepare(site) {
    const command = await buildGo('bench/servers/go-gateway', site.folder)
    return sides({}, { command, settings: { GOMAXPROCS: '1' } })(site)
  },
}

export const batches: Comparison = {
  name: 'batches',
  measured: 'a gateway, 100 checkouts in a POST',
  baseline: 'the same, one in a POST',
  shown,
  ratios: [{ figure: 'perSecond', title: 'checkouts/s', better: 'more', target: 3 }],
  prepare: sides({ shape: { connections: 16, batch: 100 } }, {}),
}

export const replicated: Comparison = {
  name: 'replicated',
  measured: 'a gateway on three brokers, each record on two before it is acknowledged',
  baseline: 'on one broker',
  shown,
  ratios: [{ figure: 'perSecond', title: 'checkouts/s', better: 'more', target: 0.6 }],
  prepare: sides({ brokers: 3 }, {}),
}

export const sharedPort: Comparison = {
  name: 'shared-port',
  measured: 'two gateways that share a port, both on one core here',
  baseline: 'one',
  shown,
  ratios: [
    { figure: 'cpuUs', title: 'CPU each', better: 'less', target: undefined },
    { figure: 'perSecond', title: 'checkouts/s', better: 'more', target: undefined },
  ],
  prepare: sides({ processes: 2 }, {}),
}

export const log: Comparison = {
  name: 'log',
  measured: 'a gateway',
  baseline: "Kafka's kafka-producer-perf-test, idempotent: no requests to read, validate or answer",
  shown: { perSecond: 'records/s' },
  ratios: [{ figure: 'perSecond', title: 'records/s', better: 'more', target: undefined }],
  async prepare({ cluster, seconds, records }) {
    const one = await cluster(1)
    return {
      round: inTurn(
        () => measureGateway({ cluster: one, command: gateway, seconds, shape: single }),
        () => measureProducer(one, records),
      ),
    }
  },
}
