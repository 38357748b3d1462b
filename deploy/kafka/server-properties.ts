export interface KafkaNode {
  id: number
  port: number
  controllerPort: number
}

/** Kafka's settings for one of `nodes`, each of them a broker and a controller, reached on loopback only. */
export function serverProperties(
  node: KafkaNode,
  nodes: KafkaNode[],
  dataDir: string,
  extra: Record<string, string>,
): string {
  const replicas = nodes.length
  const minInSync = replicas > 1 ? 2 : 1
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': nodes.map((n) => `${n.id}@127.0.0.1:${n.controllerPort}`).join(','),
    // A killed controller costs this in addition to the session below. Each node has its own: nodes that notice at the same
    // moment vote for themselves, and repeat the election a second later.
    'controller.quorum.fetch.timeout.ms': 900 + 100 * node.id,
    listeners: `BROKER://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'listener.security.protocol.map': 'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'BROKER',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': dataDir,
    'broker.session.timeout.ms': 2000,
    // Between brokers; Kafka's default is 30 s. The end of a transaction would wait that long for a frozen broker, and with it
    // the claim of a partition, although another broker leads that partition already.
    'request.timeout.ms': 5000,
    // A broker asks to shut down with a heartbeat, and again with the next. The second must come while there is a quorum: all
    // brokers are stopped at the same time. Without a quorum nobody answers, and the broker would wait until it is killed.
    'broker.heartbeat.interval.ms': 100,
    'leader.imbalance.check.interval.seconds': 5,
    'unclean.leader.election.enable': false,
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': minInSync,
    // A new broker takes tens of milliseconds for each partition, and nobody is ready before these are there. One for each
    // broker spreads their load.
    'offsets.topic.num.partitions': replicas,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': minInSync,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': minInSync,
    // Processors that start together join one generation. Otherwise the second joins a heartbeat later, and partitions move.
    'group.initial.rebalance.delay.ms': 200,
    // The cleaner takes this at start; Kafka's own 128 MB would be a quarter of the heap.
    'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
    ...extra,
  }
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${escaped(String(value))}\n`)
    .join('')
}

/** java.util.Properties: ISO 8859-1; a backslash escapes other characters and itself. */
const escaped = (value: string): string =>
  value
    .replaceAll('\\', '\\\\')
    .replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
