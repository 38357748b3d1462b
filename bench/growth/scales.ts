import { join } from 'node:path'
import type { Figures } from '../compare/comparison.ts'
import { measureReadModel } from '../compare/large-view.ts'
import { measureGateway } from '../compare/measure-gateway.ts'
import { measureProcessor } from '../compare/measure-processor.ts'
import type { BenchSite } from '../compare/site.ts'
import { program } from '../program.ts'

/** One parameter that grows while the others stay constant, and the cost. */
export interface Scale {
  name: string
  /** The parameter. */
  of: string
  values: readonly number[]
  /** The figure that is plotted. */
  figure: string
  /** Title of the figure. */
  title: string
  measure: (site: BenchSite, value: number) => Promise<Figures>
}

const gateway = async (
  { cluster, seconds }: BenchSite,
  { brokers = 1, partitions = 6, connections = 256, bodyBytes = 0 }: GatewayShape,
) =>
  measureGateway({
    cluster: await cluster(brokers),
    command: program('gateway/main.ts'),
    seconds,
    shape: { connections, batch: 1, bodyBytes },
    partitions,
  })

interface GatewayShape {
  brokers?: 1 | 3
  partitions?: number
  connections?: number
  bodyBytes?: number
}

const ofGateway = { figure: 'cpuUs', title: 'gateway: CPU µs per checkout at full load' }
const ofProcessor = { figure: 'cpuUs', title: 'processor: CPU µs per checkout' }
const partitionCounts = [3, 6, 12, 24, 48]

export const scales: readonly Scale[] = [
  {
    name: 'connections',
    of: 'connections to a gateway',
    values: [16, 64, 256, 1_024],
    ...ofGateway,
    measure: (site, connections) => gateway(site, { connections }),
  },
  {
    name: 'body',
    of: 'bytes of a checkout',
    values: [330, 1_000, 4_000, 16_000],
    ...ofGateway,
    measure: (site, bodyBytes) => gateway(site, { bodyBytes }),
  },
  {
    name: 'partitions-gateway',
    of: 'partitions',
    values: partitionCounts,
    ...ofGateway,
    measure: (site, partitions) => gateway(site, { partitions }),
  },
  {
    name: 'brokers-gateway',
    of: 'brokers, each record replicated to all',
    values: [1, 3],
    ...ofGateway,
    measure: (site, brokers) => gateway(site, { brokers: brokers === 1 ? 1 : 3 }),
  },
  {
    name: 'rate',
    of: 'checkouts/s, 6 partitions',
    values: [100, 300, 1_000, 3_000],
    ...ofProcessor,
    measure: (site, perSecond) => measureProcessor(site, { perSecond }),
  },
  {
    name: 'partitions-processor',
    of: 'partitions, at 300 checkouts/s',
    values: partitionCounts,
    ...ofProcessor,
    measure: (site, partitions) => measureProcessor(site, { partitions }),
  },
  {
    name: 'brokers-processor',
    of: 'brokers, at 300 checkouts/s',
    values: [1, 3],
    ...ofProcessor,
    measure: (site, brokers) => measureProcessor(site, { brokers: brokers === 1 ? 1 : 3 }),
  },
  {
    name: 'streams',
    of: 'open streams of one customer each, at 300 checkouts/s',
    values: [0, 250, 1_000, 4_000],
    ...ofProcessor,
    measure: (site, streams) => measureProcessor(site, { streams }),
  },
  {
    name: 'view',
    of: 'outcomes in the read model',
    values: [10_000, 100_000, 1_000_000],
    figure: 'findUs',
    title: 'processor: µs to find an event',
    measure: ({ folder }, outcomes) => measureReadModel(join(folder, String(outcomes), 'view.db'), outcomes),
  },
]
