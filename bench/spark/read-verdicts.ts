import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { outcomeSchema } from '../../backbone/records/outcome.ts'
import { readTopic } from '../../test/read-topic.ts'
import type { Verdict } from './compare.ts'
import type { Pipelines } from './start-pipelines.ts'
import { position, type WrittenRecords } from './write-events.ts'

const LOOK_MS = 500
const SPARK_KINDS = ['quick', 'slow'] as const

const sparkSchema = z.object({
  kind: z.enum(SPARK_KINDS),
  // to_json leaves out what is null.
  message: z.string().nullable().default(null),
  checkout: z.record(z.string(), z.unknown()),
  source: z.object({ partition: z.number(), offset: z.number() }),
})

/** By the position of the record in DataTopic. */
export type Verdicts = Map<string, Verdict>

/** Resolves when both pipelines have processed every record. */
export async function awaitBoth(pipelines: Pipelines, written: WrittenRecords, log: (line: string) => void) {
  const { kafka, groupId, topics, spark } = pipelines
  const ends = endsOf(written)
  const admin = kafka.admin()
  await admin.connect()
  const total = sum([...ends.values()])
  const done = (offsetOf: (partition: number) => number) =>
    sum([...ends].map(([partition, end]) => Math.max(0, Math.min(end, offsetOf(partition)))))
  let shown = ''
  try {
    for (;;) {
      const [group] = await admin.fetchOffsets({ groupId, topics: [topics.data] })
      const ours = new Map(group?.partitions.map(({ partition, offset }) => [partition, Number(offset)]))
      const counts = {
        ours: done((partition) => ours.get(partition) ?? 0),
        spark: done((partition) => spark.offsets()[partition] ?? 0),
      }
      const line = `of ${total} records: processor ${counts.ours}, Spark ${counts.spark}`
      if (line !== shown) log(line)
      shown = line
      if (counts.ours === total && counts.spark === total) return
      await Promise.race([sleep(LOOK_MS), spark.ended])
    }
  } finally {
    await admin.disconnect()
  }
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)

/** The number of records in each partition. */
function endsOf(written: WrittenRecords): Map<number, number> {
  const ends = new Map<number, number>()
  for (const key of written.keys()) {
    const [partition = 0, offset = 0] = key.split('/').map(Number)
    ends.set(partition, Math.max(ends.get(partition) ?? 0, offset + 1))
  }
  return ends
}

export async function readOurs({ brokers, topics }: Pipelines): Promise<Verdicts> {
  const verdicts: Verdicts = new Map()
  for (const { value } of await readTopic(brokers, topics.notifications)) {
    // A claim.
    if (value === 'null' || value === '') continue
    const { source, kind, message, checkout } = outcomeSchema.parse(JSON.parse(value))
    verdicts.set(position(source), { kind, message, checkout: checkout ?? {} })
  }
  return verdicts
}

export async function readSpark({ brokers, topics }: Pipelines): Promise<Verdicts> {
  const verdicts: Verdicts = new Map()
  for (const { value } of await readTopic(brokers, topics.spark)) {
    const { source, ...verdict } = sparkSchema.parse(JSON.parse(value))
    verdicts.set(position(source), verdict)
  }
  return verdicts
}
