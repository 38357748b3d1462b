/** One way to run three brokers. */
interface ClusterSetting {
  /** Added to the settings of each broker. */
  broker: Record<string, string>
  /** Features of a new cluster that are switched off before the topics are created. */
  disabledFeatures: readonly string[]
}

/** One way to run three brokers and the topic of accepted checkouts. */
export interface ReplicationSetting {
  name: string
  /** What a buyer or an operator may lose by it, compared with the default. */
  risk: string
  cluster: ClusterSetting
  topic: { partitions: number; replicas: number; minInSync: number }
}

/** Those of the compose file and of `npm start -- --brokers 3`. */
const usual: ClusterSetting = { broker: {}, disabledFeatures: [] }
const brokersWith = (broker: Record<string, string>): ClusterSetting => ({ ...usual, broker })
const topic = { partitions: 6, replicas: 3, minInSync: 2 }

/** The first is what the others are compared with. Those with the same cluster are measured in one. */
export const settings: readonly ReplicationSetting[] = [
  {
    name: 'default',
    risk: 'two brokers that are lost with their disks lose what only they had acknowledged',
    cluster: usual,
    topic,
  },
  {
    name: 'min-in-sync-1',
    risk: 'with two brokers away, the last one accepts alone; if its disk is lost, so are those checkouts',
    cluster: usual,
    topic: { ...topic, minInSync: 1 },
  },
  {
    name: 'min-in-sync-3',
    risk: 'nothing is accepted while one broker is away',
    cluster: usual,
    topic: { ...topic, minInSync: 3 },
  },
  {
    name: 'one-replica',
    risk: 'what acks=1 waits for: a lost leader loses what it has acknowledged',
    cluster: usual,
    topic: { ...topic, replicas: 1, minInSync: 1 },
  },
  {
    name: 'partitions-24',
    risk: 'none; more transactions for the processors',
    cluster: usual,
    topic: { ...topic, partitions: 24 },
  },
  {
    name: 'fetchers-2',
    risk: 'none; a connection and a thread more to each other broker',
    cluster: brokersWith({ 'num.replica.fetchers': '2' }),
    topic,
  },
  {
    name: 'fetchers-4',
    risk: 'none; three connections and threads more to each other broker',
    cluster: brokersWith({ 'num.replica.fetchers': '4' }),
    topic,
  },
  {
    name: 'fetch-wait-50',
    risk: 'none; idle followers ask ten times as often',
    cluster: brokersWith({ 'replica.fetch.wait.max.ms': '50' }),
    topic,
  },
  {
    name: 'elr-off',
    risk: 'the last replica in sync may lead again after a power failure that took its newest records (KIP-966)',
    cluster: { ...usual, disabledFeatures: ['eligible.leader.replicas.version'] },
    topic,
  },
]
