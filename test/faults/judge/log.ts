export interface Place {
  partition: number
  offset: number
}

export interface Log<R extends Place> {
  /** Each partition in offset order. */
  partitions: ReadonlyMap<number, readonly R[]>
  all(): Iterable<R>
  at(partition: number, offset: number): R | undefined
  /** The record at this position and its neighbours, one line each; the record itself is marked. */
  around(place: Place): string[]
}

const NEIGHBOURS = 3

/** The kept part of a topic. `describe` must return ids, kinds and hashes only, because reports contain its lines. */
export function createLog<R extends Place>(topic: string, describe: (record: R) => string) {
  const partitions = new Map<number, R[]>()
  const recordsOf = (partition: number): readonly R[] => partitions.get(partition) ?? []

  const log: Log<R> = {
    partitions,
    all: () => partitions.values().flatMap((records) => records),

    at(partition, offset) {
      const records = recordsOf(partition)
      const record = records[firstFrom(records, offset)]
      return record?.offset === offset ? record : undefined
    },

    around({ partition, offset }) {
      const records = recordsOf(partition)
      const middle = firstFrom(records, offset)
      return records
        .slice(Math.max(0, middle - NEIGHBOURS), middle + NEIGHBOURS + 1)
        .map(
          (record) =>
            `${record.offset === offset ? '>' : ' '} ${topic} ${partition}/${record.offset} ${describe(record)}`,
        )
    },
  }

  function add(record: R): void {
    const records = partitions.get(record.partition)
    if (records) records.push(record)
    else partitions.set(record.partition, [record])
  }

  return { log, add }
}

function firstFrom(records: readonly Place[], offset: number): number {
  let low = 0
  let high = records.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((records[middle]?.offset ?? offset) < offset) low = middle + 1
    else high = middle
  }
  return low
}
