import type { BrokerState, KafkaState } from '../../../backbone/operations/system-state.ts'
import { el, setText } from './dom.ts'
import { count } from './format.ts'
import { createTable } from './table.ts'
import { texts } from './texts.ts'

const labels = texts.members.brokers

export function createBrokerTable() {
  const below = el('p', { class: 'bad' })
  const replication = el('p', { class: 'muted' })
  const table = createTable<BrokerState>({
    caption: labels.heading,
    empty: labels.none,
    key: ({ id }) => String(id),
    columns: [
      { header: labels.name, isRowHeader: true, cell: ({ id }) => String(id) },
      { header: texts.members.state, cell: stateOf },
      { header: labels.leads, isNumber: true, cell: ({ leads }) => count(leads) },
      {
        header: labels.inSync,
        isNumber: true,
        cell: ({ inSync, replicas }) => labels.ofReplicas(count(inSync), count(replicas)),
      },
    ],
  })
  const element = el('section', { class: 'panel' }, table.element, below, replication)

  function show(kafka: KafkaState | null): void {
    table.update(kafka?.brokers ?? [])
    setText(below, kafka && kafka.belowMinIsr.length > 0 ? labels.belowMinIsr(listOf(kafka.belowMinIsr)) : '')
    setText(replication, kafka ? replicationOf(kafka) : '')
  }

  return { element, show }
}

const stateOf = ({ answers }: BrokerState): Node =>
  el('strong', { class: answers ? 'ok' : 'bad' }, answers ? labels.answers : labels.silent)

const replicationOf = ({ underReplicated }: KafkaState): string =>
  underReplicated.length === 0 ? labels.allInSync : labels.underReplicated(count(underReplicated.length))

/** `DataTopic 0, 1; Notifications 3`. */
function listOf(partitions: KafkaState['belowMinIsr']): string {
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic)
  return [...byTopic]
    .map(([topic, of]) => `${topic} ${of.map(({ partition }) => partition).join(', ')}`)
    .join('; ')
}
