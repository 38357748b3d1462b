import type { ISocketFactory, KafkaConfig } from 'kafkajs'

// ApiVersions in its first version, without a client id: what every broker answers, whoever asks, also before SASL.
const API_VERSIONS = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 0, 0xff, 0xff])
const ANSWERS_WITHIN_MS = 2_000

export interface BootstrapOptions {
  brokers: readonly string[]
  connect: ISocketFactory
  ssl: KafkaConfig['ssl']
}

/** The bootstrap broker that answers first. Rejects with an AggregateError when none does in time. */
export async function firstToAnswer({ brokers, connect, ssl }: BootstrapOptions): Promise<string> {
  const asked = brokers.map((broker) => ask(broker, connect, ssl))
  try {
    return await Promise.any(asked.map(({ answered }) => answered))
  } finally {
    for (const { hangUp } of asked) hangUp()
  }
}

/**
 * {@link firstToAnswer}, or all of them when none does in time. Every new client of kafkajs 2.2.4 begins with the first of
 * the list, and when that one accepts connections but answers nothing, which is what a stopped machine or a lost route
 * looks like, each of them fails there, however well the others are.
 */
export const answeringBroker = (options: BootstrapOptions): Promise<string[]> =>
  firstToAnswer(options).then(
    (broker) => [broker],
    () => [...options.brokers],
  )

function ask(broker: string, connect: ISocketFactory, ssl: KafkaConfig['ssl']) {
  const [host = '', port] = broker.split(':')
  const { promise: answered, resolve, reject } = Promise.withResolvers<string>()
  const socket = connect({
    host,
    port: Number(port),
    // kafkajs passes on what it was given, and nothing when there is no TLS.
    ssl: ssl as Parameters<ISocketFactory>[0]['ssl'],
    onConnect: () => socket.write(API_VERSIONS),
  })
  socket.on('data', () => resolve(broker))
  socket.on('error', reject)
  socket.on('close', () => reject(new Error(`${broker} has hung up`)))
  socket.setTimeout(ANSWERS_WITHIN_MS, () => socket.destroy(new Error(`${broker} does not answer`)))
  return { answered, hangUp: () => socket.destroy() }
}
