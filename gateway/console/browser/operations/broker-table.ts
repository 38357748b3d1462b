import { listPartitions } from '../../../../backbone/figures/list-partitions.ts'
import type { BrokerState, KafkaState, SystemState } from '../../../../backbone/operations/system-state.ts'
import { el, setText } from '../../../pages/browser/dom.ts'
import { createTable } from '../elements/table.ts'
import { count } from '../format.ts'
import { texts } from '../texts.ts'

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

  function show({ kafka, leftOut }: Pick<SystemState, 'kafka' | 'leftOut'>): void {
    table.update(kafka?.brokers ?? [])
    const more = leftOut.belowMinIsr > 0 ? ', …' : ''
    const isBelow = kafka !== null && kafka.belowMinIsr.length > 0
    setText(below, isBelow ? labels.belowMinIsr(listOf(kafka.belowMinIsr) + more) : '')
    setText(replication, kafka ? replicationOf(kafka.underReplicated.length + leftOut.underReplicated) : '')
  }

  return { element, show }
}

const stateOf = ({ answers }: BrokerState): Node =>
  el('strong', { class: answers ? 'ok' : 'bad' }, answers ? labels.answers : labels.doesNotAnswer)

const replicationOf = (lacking: number): string =>
  lacking === 0 ? labels.allInSync : labels.underReplicated(count(lacking))

/** `DataTopic 0, 1; Notifications 3`. */
function listOf(partitions: KafkaState['belowMinIsr']): string {
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic)
  return [...byTopic]
    .map(([topic, of]) => `${topic} ${listPartitions(of.map(({ partition }) => partition))}`)
    .join('; ')
}
