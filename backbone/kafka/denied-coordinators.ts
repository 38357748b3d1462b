import { createRequire } from 'node:module'
import { hasErrorType } from './error-type.ts'

type AskBroker<Answer> = (asked: { nodeId: string; broker: unknown }) => Promise<Answer>

interface BrokerPool {
  withBroker: <Answer>(ask: AskBroker<Answer>) => Promise<Answer | null>
}

interface Cluster {
  readonly brokerPool: BrokerPool
  findGroupCoordinatorMetadata: (this: Cluster, of: object) => Promise<unknown>
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/cluster/index.js') as { prototype: Cluster }
const find = prototype.findGroupCoordinatorMetadata

const DENIED: ReadonlySet<unknown> = new Set([
  'GROUP_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
])

async function findOrReportDenial(this: Cluster, of: object): Promise<unknown> {
  let denial: unknown
  const withBroker: BrokerPool['withBroker'] = (ask) =>
    this.brokerPool.withBroker(async (asked) => {
      try {
        return await ask(asked)
      } catch (error) {
        if (hasErrorType(error, DENIED)) denial = error
        throw error
      }
    })
  try {
    return await find.call(Object.create(this, { brokerPool: { value: { withBroker } } }), of)
  } catch (error) {
    throw denial ?? error
  }
}

/**
 * kafkajs 2.2.4 asks every broker for the coordinator of a group or a transactional id, drops what they answer, and reports
 * "Failed to find group coordinator" for a right that is missing as for brokers that do not answer. With this, it rejects
 * with the answer when the right is missing.
 */
export function reportDeniedCoordinators(): void {
  prototype.findGroupCoordinatorMetadata = findOrReportDenial
}
