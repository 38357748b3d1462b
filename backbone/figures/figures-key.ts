import type { FiguresRecord } from './member-figures.ts'

// Compaction keeps that many events of a run.
const EVENTS_KEPT = 50

/** The key of a record in the topic of figures: compaction keeps the last record of each key. */
export function figuresKey(record: FiguresRecord): string {
  switch (record.is) {
    case 'figures':
      return `${record.role}/${record.member}/${record.run}`
    case 'event':
      return `event/${record.run}/${record.number % EVENTS_KEPT}`
    case 'load':
      return `load/${record.run}`
  }
}
