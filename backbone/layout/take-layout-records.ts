import type { Logger } from 'pino'
import { errorText } from '../kafka/error-text.ts'
import type { TopicSettings } from '../kafka/topics.ts'
import type { StoredRecord } from '../records/record.ts'
import { readLayoutRecord } from './layout-record.ts'
import type { createLayoutState } from './layout-state.ts'

interface TakeOptions {
  layout: Pick<ReturnType<typeof createLayoutState>, 'take'>
  topics: Pick<TopicSettings, 'DATA_TOPIC' | 'LAYOUT_TOPIC'>
  log: Logger
}

/** Lets a layout take one record of its topic after the other. An invalid one is skipped; the first one is logged. */
export function createLayoutTaker({ layout, topics, log }: TakeOptions): (record: StoredRecord) => void {
  let hasLogged = false
  return (record) => {
    try {
      const read = readLayoutRecord(topics.DATA_TOPIC, record)
      if (read) layout.take(read)
    } catch (error) {
      if (!hasLogged)
        log.error(
          { topic: topics.LAYOUT_TOPIC, offset: record.offset, error: errorText(error) },
          'Skipping a record of the layout',
        )
      hasLogged = true
    }
  }
}
