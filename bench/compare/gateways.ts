import { inProject, program } from '../program.ts'
import type { LoadShape } from '../tools/unique-load.ts'
import { type Comparison, inTurn } from './comparison.ts'
import { measureGateway } from './measure-gateway.ts'
import { measureProducer } from './measure-producer.ts'

const ours = program('gateway/main.ts')
const withoutKafka = program('bench/servers/unstored-gateway.ts')
const ofAnAfternoon = [inProject('node_modules/.bin/node'), inProject('bench/servers/afternoon-gateway.js')]

const single = { connections: 256, batch: 1 }
const shown = {
  perSecond: 'checkouts/s',
  cpuUs: 'CPU µs each',
  p50: 'p50, ms',
  p99: 'p99, ms',
  lost: 'lost',
  doubled: 'doubled',
}

interface Side {
  brokers?: 1 | 3
  command?: string[]
  shape?: LoadShape
  stores?: boolean
  processes?: number
}

/** A gateway on one broker with single checkouts, except for the properties of a side. */
const sides =
  (one: Side, other: Side): Comparison['prepare'] =>
  async ({ cluster, seconds }) => {
    const measured = async ({ brokers = 1, ...side }: Side) => {
      const run = { command: ours, shape: single, ...side, cluster: await cluster(brokers), seconds }
      return () => measureGateway(run)
    }
    return { round: inTurn(await measured(one), await measured(other)) }
  }

export const durable: Comparison = {
  name: 'durable',
  ours: 'a gateway',
  theirs: 'the same without Kafka: answers after validation',
  shown,
  ratios: [{ figure: 'perSecond', title: 'checkouts/s', better: 'more', reach: 0.75 }],
  prepare: sides({}, { command: withoutKafka, stores: false }),
}

export const afternoon: Comparison = {
  name: 'afternoon',
  ours: 'a gateway',
  theirs: 'Fastify with an idempotent kafkajs send for each request, on Node',
  shown,
  ratios: [
    { figure: 'perSecond', title: 'checkouts/s', better: 'more', reach: 9 },
    { figure: 'cpuUs', title: 'CPU each', better: 'less', reach: 1 / 8 },
    { figure: 'p99', title: 'p99', better: 'less', reach: 1 / 5 },
  ],
  prepare: sides({}, { command: ofAnAfternoon }),
}

export const batches: Comparison = {
  name: 'batches',
  ours: 'a gateway, 100 checkouts in a POST',
  theirs: 'the same, one in a POST',
  shown,
  ratios: [{ figure: 'perSecond', title: 'checkouts/s', better: 'more', reach: 2 }],
  prepare: sides({ shape: { connections: 16, batch: 100 } }, {}),
}

export const replicated: Comparison = {
  name: 'replicated',
  ours: 'a gateway on three brokers, each record on two before it is acknowledged',
  theirs: 'on one broker',
  shown,
  ratios: [{ figure: 'perSecond', title: 'checkouts/s', better: 'more', reach: 0.6 }],
  prepare: sides({ brokers: 3 }, {}),
}

export const sharedPort: Comparison = {
  name: 'shared-port',
  ours: 'two gateways that share a port, both on one core here',
  theirs: 'one',
  shown,
  ratios: [
    { figure: 'cpuUs', title: 'CPU each', better: 'less', reach: undefined },
    { figure: 'perSecond', title: 'checkouts/s', better: 'more', reach: undefined },
  ],
  prepare: sides({ processes: 2 }, {}),
}

export const log: Comparison = {
  name: 'log',
  ours: 'a gateway',
  theirs: "Kafka's kafka-producer-perf-test, idempotent: no requests to read, validate or answer",
  shown: { perSecond: 'records/s' },
  ratios: [{ figure: 'perSecond', title: 'records/s', better: 'more', reach: undefined }],
  async prepare({ cluster, seconds, records }) {
    const one = await cluster(1)
    return {
      round: inTurn(
        () => measureGateway({ cluster: one, command: ours, seconds, shape: single }),
        () => measureProducer(one, records),
      ),
    }
  },
}
