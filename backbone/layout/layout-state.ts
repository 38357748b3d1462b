import type { LayoutRecord, PlannedLayout, SwitchedPartition } from './layout-record.ts'

/** A change to more partitions that is not in force yet. */
export interface LayoutChange extends PlannedLayout {
  version: number
  /** Partitions of the former layout that have switched. */
  switched: ReadonlySet<number>
}

export interface LayoutState {
  /** Of the layout in force; 0 before the first change. */
  version: number
  /** Partitions that customers are spread over, by version; the last is in force. */
  homes: readonly number[]
  change: LayoutChange | undefined
}

type Switches = ReadonlyMap<number, SwitchedPartition>

/**
 * What the log of the layout says. Everybody who reads it concludes the same: a layout is in force once all partitions
 * of the former one have switched. `homes`: partitions that customers are spread over before the first change, where
 * the log does not say.
 */
export function createLayoutState(homes: () => number) {
  const layouts = new Map<number, PlannedLayout>()
  const switches = new Map<number, Map<number, SwitchedPartition>>()
  let state: LayoutState | undefined

  const switchesTo = (version: number): Switches => switches.get(version) ?? new Map()

  function conclude(): LayoutState {
    const counts = [layouts.get(1)?.former.homes ?? homes()]
    for (let version = 1; ; version++) {
      const planned = layouts.get(version)
      if (planned === undefined) return { version: version - 1, homes: counts, change: undefined }
      const switched = new Set(switchesTo(version).keys())
      const { begun, former, partitions } = planned
      if (!begun || !hasAll(switched, former.partitions))
        return { version: version - 1, homes: counts, change: { ...planned, version, switched } }
      counts.push(partitions)
    }
  }

  return {
    take(record: LayoutRecord): void {
      if (record.of === 'layout') {
        // A plan that comes late, such as a copied one, does not take back what has begun.
        if (record.planned.begun || !layouts.get(record.version)?.begun)
          layouts.set(record.version, record.planned)
      } else {
        const before = switches.get(record.version) ?? new Map<number, SwitchedPartition>()
        switches.set(record.version, before.set(record.partition, record.switched))
      }
      state = undefined
    },

    current: (): LayoutState => (state ??= conclude()),

    /** Where each partition switched to a layout. */
    switchesTo,
  }
}

const hasAll = (switched: ReadonlySet<number>, partitions: number): boolean =>
  Array.from({ length: partitions }, (_, partition) => switched.has(partition)).every(Boolean)
