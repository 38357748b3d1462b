import type { Broker, BrokerCluster } from '../broker-cluster.ts'

type Produce = Parameters<Broker['produce']>[0]

/** An error as kafkajs throws it for an answer of a broker. */
export const failure = (type: string) => Object.assign(new Error(type), { type, retriable: false })
export const retriable = (type: string) => Object.assign(new Error(type), { type, retriable: true })

/** Brokers in memory that store batches of one producer, each sequence number once. `leaders`: by `topic/partition`. */
export function createTestCluster(leaders: Record<string, number>) {
  const actual = { ...leaders }
  let known = { ...leaders }
  const requests: string[] = []
  const logs = new Map<string, { sequence: number; offset: number; count: number }[]>()
  const failures = new Map<number, Error>()
  const lost = new Set<number>()
  const refusals = new Map<string, Error>()
  const held = new Map<number, PromiseWithResolvers<void>>()
  const arrivals = new Map<number, PromiseWithResolvers<void>>()
  const arrival = (node: number) => {
    const found = arrivals.get(node) ?? Promise.withResolvers<void>()
    arrivals.set(node, found)
    return found
  }

  function store(name: string, sequence: number, count: number): number {
    const log = logs.get(name) ?? []
    logs.set(name, log)
    const before = log.find((batch) => batch.sequence === sequence)
    if (before) return before.offset
    const last = log.at(-1)
    const offset = last ? last.offset + last.count : 0
    log.push({ sequence, offset, count })
    return offset
  }

  const broker = (node: number): Broker => ({
    initProducerId: () => Promise.resolve({ producerId: '7', producerEpoch: 1 }),
    addPartitionsToTxn: () => Promise.resolve(),
    endTxn: () => Promise.resolve(),
    async produce({ topicData }: Produce) {
      const batches = topicData.flatMap(({ topic, partitions }) =>
        partitions.map((batch) => ({ ...batch, name: `${topic}/${batch.partition}` })),
      )
      requests.push(`${node}: ${batches.map(({ name }) => name).join(', ')}`)
      arrival(node).resolve()
      await held.get(node)?.promise
      const failed = failures.get(node)
      failures.delete(node)
      if (failed) throw failed
      for (const { name } of batches) {
        const refused = refusals.get(name)
        if (refused) throw refused
        if (actual[name] !== node) throw retriable('NOT_LEADER_FOR_PARTITION')
      }
      const offsets = new Map(
        batches.map(({ name, firstSequence, messages }) => [
          name,
          store(name, firstSequence, messages.length),
        ]),
      )
      if (lost.delete(node)) throw retriable('REQUEST_TIMED_OUT')
      return {
        topics: topicData.map(({ topic, partitions }) => ({
          topicName: topic,
          partitions: partitions.map(({ partition }) => ({
            partition,
            baseOffset: String(offsets.get(`${topic}/${partition}`)),
          })),
        })),
      }
    },
  })

  const cluster: BrokerCluster = {
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    isConnected: () => true,
    addMultipleTargetTopics: () => Promise.resolve(),
    refreshMetadata() {
      known = { ...actual }
      return Promise.resolve()
    },
    refreshMetadataIfNecessary: () => Promise.resolve(),
    findLeaderForPartitions: (topic, partitions) =>
      Object.fromEntries(
        partitions.map((partition) => [String(known[`${topic}/${partition}`]), [partition]]),
      ),
    findBroker: ({ nodeId }) => Promise.resolve(broker(Number(nodeId))),
    findGroupCoordinator: () => Promise.resolve({ ...broker(1), nodeId: 1 }),
    removeBroker: () => undefined,
  }

  return {
    ...cluster,
    /** Produce requests in their order: the broker, and the partitions. */
    requests,
    /** Number of records in each partition. */
    stored: () =>
      Object.fromEntries(
        Array.from(logs, ([name, log]) => [name, log.reduce((sum, { count }) => sum + count, 0)]),
      ),
    failNext: (node: number, error: Error) => void failures.set(node, error),
    /** The broker stores the batches of its next request, and does not confirm them. */
    loseNextResponse: (node: number) => void lost.add(node),
    refuse: (name: string, error: Error) => void refusals.set(name, error),
    moveLeader: (name: string, node: number) => void (actual[name] = node),
    hold: (node: number) => void held.set(node, Promise.withResolvers()),
    release: (node: number) => held.get(node)?.resolve(),
    /** Resolves when the broker has got a request. */
    received: (node: number) => arrival(node).promise,
  }
}
