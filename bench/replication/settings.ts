/** One way to run three brokers and the topic of accepted checkouts. */
export interface ReplicationSetting {
  name: string
  /** What a buyer or an operator may lose by it. */
  risk: string
  /** Added to the settings of each broker. */
  broker: Record<string, string>
  topic: { partitions: number; replicas: number; minInSync: number }
}

const topic = { partitions: 6, replicas: 3, minInSync: 2 }

/** The first is what the others are compared with. */
export const settings: readonly ReplicationSetting[] = [
  {
    name: 'fetchers-1',
    risk: "none: Kafka's default",
    broker: { 'num.replica.fetchers': '1' },
    topic,
  },
  {
    name: 'fetchers-2',
    risk: 'none; one more connection and thread to each other broker',
    broker: { 'num.replica.fetchers': '2' },
    topic,
  },
  {
    name: 'fetchers-4',
    risk: 'none; three more connections and threads to each other broker',
    broker: { 'num.replica.fetchers': '4' },
    topic,
  },
  {
    name: 'fetch-wait-50',
    risk: 'none; idle followers ask ten times as often',
    broker: { 'num.replica.fetchers': '1', 'replica.fetch.wait.max.ms': '50' },
    topic,
  },
  {
    name: 'min-in-sync-3',
    risk: 'nothing is accepted while one broker is away',
    broker: { 'num.replica.fetchers': '1' },
    topic: { ...topic, minInSync: 3 },
  },
  {
    name: 'min-in-sync-1',
    risk: 'with two brokers away, the last one accepts alone; if it is lost, so are those checkouts',
    broker: { 'num.replica.fetchers': '1' },
    topic: { ...topic, minInSync: 1 },
  },
  {
    name: 'one-replica',
    risk: 'what acks=1 waits for: a lost leader loses what it had acknowledged',
    broker: { 'num.replica.fetchers': '1' },
    topic: { ...topic, replicas: 1, minInSync: 1 },
  },
  {
    name: 'partitions-24',
    risk: 'none; more transactions for the processors',
    broker: { 'num.replica.fetchers': '1' },
    topic: { ...topic, partitions: 24 },
  },
]
