import { z } from 'zod'
import { calendarEventSchema } from '../../backbone/records/calendar-event.ts'
import { columnOf, columns, emptySums, HOUR_MS, type HourSums } from './minute-sums.ts'

const columnSchema = z.array(z.number().nonnegative()).max(60)
const sumsSchema = z.partialRecord(z.enum(columns), columnSchema)

/** Value of a record of sums (docs/asyncapi.yaml). Columns end with their last number that is not 0. */
const hourSchema = z.object({
  /** Which log of Notifications the sums are of: see `log` in backbone/records/headers.ts. */
  log: z.string(),
  /** They have all outcomes of the hour before this offset of Notifications. */
  through: z.number().int().nonnegative(),
  sums: sumsSchema,
  /** Of the logs before, if Notifications was recreated. */
  former: sumsSchema.optional(),
})
const drainSchema = z.object({ perProcessor: z.number().nonnegative() })

/** Sums of one partition over one hour. */
export interface Hour {
  log: string
  through: number
  sums: HourSums
  former?: HourSums
}

export type HistoryKey =
  | { of: 'hour'; partition: number; hour: number }
  | { of: 'drain'; hour: number }
  | { of: 'event'; id: string }

/** A record without a value removes the one before. */
export interface HistoryMessage {
  key: string
  value: string | null
}

const HOUR_KEY = /^(\d{1,4}|drain)\/(\d{4}-\d\d-\d\dT\d\d)$/
const EVENT_KEY = /^event\/([0-9a-f]{16})$/

const hourText = (hour: number) => new Date(hour * HOUR_MS).toISOString().slice(0, 13)

/** Several systems may share the topic: compaction must not take the records of one for those of another. */
export function keyText(dataTopic: string, key: HistoryKey): string {
  switch (key.of) {
    case 'hour':
      return `${dataTopic}/${key.partition}/${hourText(key.hour)}`
    case 'drain':
      return `${dataTopic}/drain/${hourText(key.hour)}`
    case 'event':
      return `${dataTopic}/event/${key.id}`
  }
}

/** Undefined for a key of another system, or of a later version. */
export function readKey(dataTopic: string, text: string): HistoryKey | undefined {
  if (!text.startsWith(`${dataTopic}/`)) return undefined
  const own = text.slice(dataTopic.length + 1)
  const [, id] = EVENT_KEY.exec(own) ?? []
  if (id !== undefined) return { of: 'event', id }
  const [, name = '', at = ''] = HOUR_KEY.exec(own) ?? []
  const hour = Date.parse(`${at}:00:00Z`) / HOUR_MS
  if (!Number.isInteger(hour)) return undefined
  return name === 'drain' ? { of: 'drain', hour } : { of: 'hour', partition: Number(name), hour }
}

export const writeHour = ({ log, through, sums, former }: Hour): string =>
  JSON.stringify({
    log,
    through,
    sums: packSums(sums),
    ...(former === undefined ? {} : { former: packSums(former) }),
  })

/** Throws for another value. */
export function readHour(value: string): Hour {
  const { log, through, sums, former } = hourSchema.parse(JSON.parse(value))
  const read = { log, through, sums: unpackSums(sums) }
  return former === undefined ? read : { ...read, former: unpackSums(former) }
}

export const readDrain = (value: string): number => drainSchema.parse(JSON.parse(value)).perProcessor
export const writeDrain = (perProcessor: number): string => JSON.stringify({ perProcessor })
export const readCalendarEntry = (value: string) => calendarEventSchema.parse(JSON.parse(value))

function packSums(sums: HourSums): z.infer<typeof sumsSchema> {
  const packed: z.infer<typeof sumsSchema> = {}
  for (const name of columns) {
    const values = columnOf(sums, name)
    const end = values.findLastIndex((value) => value !== 0) + 1
    if (end > 0) packed[name] = [...values.subarray(0, end)]
  }
  return packed
}

function unpackSums(packed: z.infer<typeof sumsSchema>): HourSums {
  const sums = emptySums()
  for (const name of columns) columnOf(sums, name).set(packed[name] ?? [])
  return sums
}
