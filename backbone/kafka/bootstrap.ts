import { askBroker, type BrokerConnection } from './ask-broker.ts'

/** ApiVersions in its first version, without a client id: every broker answers it to every client, also before SASL. */
export const API_VERSIONS = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 0, 0xff, 0xff])

export interface BootstrapOptions extends BrokerConnection {
  brokers: readonly string[]
}

/** The bootstrap broker that answers first. Rejects with an AggregateError when none does in time. */
export async function firstToAnswer({ brokers, ...connection }: BootstrapOptions): Promise<string> {
  const asked = brokers.map((broker) => ({ broker, ...askBroker(broker, [API_VERSIONS], connection) }))
  try {
    return await Promise.any(asked.map(({ broker, answered }) => answered.then(() => broker)))
  } finally {
    for (const { disconnect } of asked) disconnect()
  }
}

/**
 * The broker of {@link firstToAnswer}, or all brokers when none answers in time. Every new client of kafkajs 2.2.4
 * starts with the first of the list. It fails if that one accepts connections but does not answer, even if the others
 * do. A stopped machine and a lost route look like that.
 */
export const answeringBroker = (options: BootstrapOptions): Promise<string[]> =>
  firstToAnswer(options).then(
    (broker) => [broker],
    () => [...options.brokers],
  )
