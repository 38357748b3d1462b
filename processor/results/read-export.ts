import type { OutcomeStore } from '../read-model/outcome-store.ts'
import type { OutcomeFilter, ServedRecord } from '../read-model/record.ts'
import { earliest, latest, resumeCursor } from './resume-cursor.ts'

const RECORDS_PER_PIECE = 200
// Beyond the end of every log, so that nothing is read there.
const COMPLETE = Number.MAX_SAFE_INTEGER

/**
 * All matching outcomes that exist now, in pieces, roughly in the order of classification. One piece is read
 * after each `schedule`. Throws if retention or a recreated topic removes outcomes before they were read.
 */
export async function* readExport(
  readModel: Pick<OutcomeStore, 'after' | 'partitions'>,
  filter: OutcomeFilter,
  schedule: () => Promise<void>,
): AsyncGenerator<ServedRecord[], void> {
  const end = latest(readModel.partitions()).next
  const isExported = (partition: number, offset: number) => offset < (end[partition] ?? 0)
  let position = earliest(readModel.partitions())

  while (position.next.some((offset, partition) => isExported(partition, offset))) {
    await schedule()
    const { logs, gaps } = resumeCursor(position, readModel.partitions())
    if (gaps.some(({ partition, from }) => isExported(partition, from)))
      throw new Error('outcomes were removed before they were exported')
    const from = position.next.map((offset, partition) => (isExported(partition, offset) ? offset : COMPLETE))
    const page = readModel.after(from, filter, RECORDS_PER_PIECE)
    yield page.records.filter(({ partition, offset }) => isExported(partition, offset))
    position = { next: page.next, logs }
  }
}
