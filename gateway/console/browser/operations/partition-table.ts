import type { PartitionLag, SystemState } from '../../../../backbone/operations/system-state.ts'
import { el, setText } from '../../../pages/browser/dom.ts'
import { createTable } from '../elements/table.ts'
import { count, duration, UNKNOWN } from '../format.ts'
import { texts } from '../texts.ts'

const labels = texts.members.partitions

const clearedIn = ({ records, clearedIn: seconds }: Pick<PartitionLag, 'records' | 'clearedIn'>) =>
  records === 0 ? UNKNOWN : duration(seconds)

export function createPartitionTable() {
  const total = el('p', { class: 'muted figure' })
  const table = createTable<PartitionLag>({
    caption: labels.heading,
    empty: labels.none,
    key: ({ partition }) => String(partition),
    columns: [
      { header: labels.name, isRowHeader: true, cell: ({ partition }) => String(partition) },
      { header: labels.lane, cell: ({ lane }) => labels.lanes[lane] },
      { header: labels.owner, isName: true, cell: ownerOf },
      { header: labels.records, isNumber: true, cell: ({ records }) => count(records) },
      { header: labels.seconds, isNumber: true, cell: ({ seconds }) => duration(seconds) },
      { header: labels.trend, cell: trendOf },
      { header: labels.clearedIn, isNumber: true, cell: clearedIn },
    ],
  })
  const element = el('section', { class: 'panel' }, table.element, total)

  function show({ partitions, lag, leftOut }: SystemState): void {
    table.update(partitions)
    const rest = leftOut.partitions > 0 ? ` ${labels.leftOut(count(leftOut.partitions))}` : ''
    setText(total, partitions.length === 0 ? '' : totalOf(lag) + rest)
  }

  return { element, show }
}

function totalOf({ records, seconds, clearedIn: cleared }: SystemState['lag']): string {
  const total = labels.total(count(records), duration(seconds))
  return records && cleared !== null && cleared >= 1
    ? `${total} ${labels.totalClearedIn(duration(cleared))}`
    : total
}

function ownerOf({ owner, lastOwner, records }: PartitionLag): string | Node {
  if (owner !== null) return owner
  const before = lastOwner === null ? '' : ` ${labels.before(lastOwner)}`
  const nobody = records === null ? UNKNOWN : el('strong', { class: 'bad' }, labels.nobody)
  return el('span', {}, nobody, before)
}

function trendOf({ trend, records }: PartitionLag): string | Node {
  if (records === null) return UNKNOWN
  return trend === 'grows' ? el('span', { class: 'warn' }, labels.trends[trend]) : labels.trends[trend]
}
