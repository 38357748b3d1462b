import { z } from 'zod'

const count = z.number().int().min(1).max(2048)
const number = z.number().int().nonnegative()

/** The plan to spread customers over more partitions. */
const plannedSchema = z.object({
  partitions: count,
  former: z.object({
    /** Partitions that customers were spread over. */
    homes: count,
    /** Partitions that a processor may own; more than `homes` if DataTopic had more. */
    partitions: count,
  }),
  /** Whether the change has begun: until then nothing but this plan is known of it. */
  begun: z.boolean(),
})

/** A partition of the former layout that is decided on by the new one. */
const switchedSchema = z.object({
  /** Of its first claim under the new layout, in Notifications. */
  offset: number,
  /** Which log of Notifications the offset is in: see `log` in backbone/records/headers.ts. */
  log: z.string(),
})

export type PlannedLayout = z.infer<typeof plannedSchema>
export type SwitchedPartition = z.infer<typeof switchedSchema>

export type LayoutRecord =
  | { of: 'layout'; version: number; planned: PlannedLayout }
  | { of: 'switched'; version: number; partition: number; switched: SwitchedPartition }

const KEY = /^(?:layout\/(\d{1,9})|switched\/(\d{1,9})\/(\d{1,4}))$/

/** Several systems may share the topic: their keys begin with their DATA_TOPIC. */
export function toLayoutMessage(dataTopic: string, record: LayoutRecord): { key: string; value: string } {
  return record.of === 'layout'
    ? { key: `${dataTopic}/layout/${record.version}`, value: JSON.stringify(record.planned) }
    : {
        key: `${dataTopic}/switched/${record.version}/${record.partition}`,
        value: JSON.stringify(record.switched),
      }
}

/** Undefined for a record of another system. Throws if the value is not as it should be. */
export function readLayoutRecord(
  dataTopic: string,
  { key, value }: { key: Buffer | null; value: Buffer | null },
): LayoutRecord | undefined {
  const text = key?.toString() ?? ''
  if (!text.startsWith(`${dataTopic}/`)) return undefined
  const [, layout, switched, partition] = KEY.exec(text.slice(dataTopic.length + 1)) ?? []
  const body: unknown = JSON.parse(value?.toString() ?? 'null')
  if (layout !== undefined)
    return { of: 'layout', version: Number(layout), planned: plannedSchema.parse(body) }
  if (switched === undefined) return undefined
  return {
    of: 'switched',
    version: Number(switched),
    partition: Number(partition),
    switched: switchedSchema.parse(body),
  }
}
