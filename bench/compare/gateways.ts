import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Comparison } from './comparison.ts'
import { measureGateway } from './measure-gateway.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const node = join(root, 'node_modules/.bin/node')
const ours = [process.execPath, join(root, 'gateway/main.ts')]
const withoutKafka = [process.execPath, join(root, 'bench/servers/unstored-gateway.ts')]
const ofAnAfternoon = [node, join(root, 'bench/servers/afternoon-gateway.js')]

const single = { connections: 256, batch: 1 }
const shown = {
  perSecond: 'checkouts/s',
  cpuUs: 'CPU µs each',
  p50: 'p50, ms',
  p99: 'p99, ms',
  lost: 'lost',
  doubled: 'doubled',
}

export const durable: Comparison = {
  name: 'durable',
  ours: 'a gateway',
  theirs: 'the same without Kafka: it answers after validation',
  shown,
  ratios: [{ figure: 'perSecond', title: 'checkouts/s', better: 'more', reach: 0.75 }],
  async prepare({ cluster, seconds }) {
    const one = await cluster(1)
    return {
      ours: () => measureGateway({ cluster: one, command: ours, seconds, shape: single }),
      theirs: () =>
        measureGateway({ cluster: one, command: withoutKafka, seconds, shape: single, stores: false }),
    }
  },
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
  async prepare({ cluster, seconds }) {
    const one = await cluster(1)
    return {
      ours: () => measureGateway({ cluster: one, command: ours, seconds, shape: single }),
      theirs: () => measureGateway({ cluster: one, command: ofAnAfternoon, seconds, shape: single }),
    }
  },
}

export const batches: Comparison = {
  name: 'batches',
  ours: 'a gateway, 100 checkouts in a POST',
  theirs: 'the same, one in a POST',
  shown,
  ratios: [{ figure: 'perSecond', title: 'checkouts/s', better: 'more', reach: 2 }],
  async prepare({ cluster, seconds }) {
    const one = await cluster(1)
    const hundreds = { connections: 16, batch: 100 }
    return {
      ours: () => measureGateway({ cluster: one, command: ours, seconds, shape: hundreds }),
      theirs: () => measureGateway({ cluster: one, command: ours, seconds, shape: single }),
    }
  },
}

export const replicated: Comparison = {
  name: 'replicated',
  ours: 'a gateway on three brokers, each record on two before it is acknowledged',
  theirs: 'on one broker',
  shown,
  ratios: [{ figure: 'perSecond', title: 'checkouts/s', better: 'more', reach: 0.6 }],
  async prepare({ cluster, seconds }) {
    const [three, one] = [await cluster(3), await cluster(1)]
    return {
      ours: () => measureGateway({ cluster: three, command: ours, seconds, shape: single }),
      theirs: () => measureGateway({ cluster: one, command: ours, seconds, shape: single }),
    }
  },
}
