import type { Homes } from '../../backbone/layout/homes.ts'
import { reasonOf } from '../../backbone/records/dead-letter.ts'
import { conflictIdOf, eventIdOfInvalid, idWithPartition } from '../../backbone/records/event-id.ts'
import type { Fault } from '../../backbone/records/fault.ts'
import { header, headerText, ownerOf } from '../../backbone/records/headers.ts'
import { parseCheckout } from '../../backbone/records/parse-checkout.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import { createUnknownFieldFinder } from '../../backbone/records/unknown-fields.ts'
import { sampledTraceIn } from '../../backbone/tracing/trace-context.ts'
import { InvalidRecord, readRecord } from '../classify/read-record.ts'
import { receivedAt } from '../classify/received-at.ts'
import { redriveIn } from '../classify/redrive-in.ts'
import type { DeadLetterRow } from './record.ts'

export interface DataTopic {
  topic: string
  homes: Homes
}

// Other programs may write texts of any length, and a list has a thousand dead letters.
const MOST_CHARACTERS = 2_000
const NO_BYTES = Buffer.alloc(0)
const SOURCE = /^([\w.-]{1,249})\/(\d{1,9})\/(\d{1,15})$/
const YEAR_10_000 = Date.UTC(10_000, 0)
const utf8 = new TextDecoder('utf-8', { fatal: true })
const findUnknownFields = createUnknownFieldFinder()

/** Reads a record of the dead-letter topic, from this system or another program. */
export function readDeadLetter(partition: number, record: StoredRecord, data: DataTopic): DeadLetterRow {
  const { headers, key, value } = record
  const offset = Number(record.offset)
  const detail = headerText(headers, header.reason) ?? ''
  const source = sourceIn(headerText(headers, header.source))
  const redrive = redriveIn(headers, (source ?? { partition }).partition)
  const trace = sampledTraceIn(headers)
  const at = timeOf(record.timestamp)
  const id = idOf(record, { partition, offset, source, detail }, data)
  return {
    partition,
    offset,
    at,
    id,
    fullId: source === null ? id : idWithPartition(id, source.partition),
    owner: ownerOf(headers),
    reason: reasonOf(detail),
    detail: limited(detail),
    size: value?.length ?? 0,
    key,
    value,
    facts: {
      source,
      receivedAt: (receivedAt(record) ?? new Date(at)).toISOString(),
      faults: faultsIn(value),
      ...(redrive === undefined ? {} : { redrive }),
      ...(trace ? { traceparent: trace.traceparent } : {}),
    },
  }
}

type Source = DeadLetterRow['facts']['source']

function sourceIn(text: string | undefined): Source {
  const [, topic, partition, offset] = SOURCE.exec(text ?? '') ?? []
  return topic === undefined ? null : { topic, partition: Number(partition), offset: Number(offset) }
}

/** A writer may have set any time. */
function timeOf(timestamp: string): number {
  const time = Number(timestamp)
  return time >= 0 && time < YEAR_10_000 ? time : 0
}

interface Found {
  partition: number
  offset: number
  source: Source
  detail: string
}

/**
 * The event id of its `invalid` outcome, which is computed from the record as decide-outcome.ts does. It has the place
 * of the record and a hash of its value or event, so it differs where a recreated topic repeats places. A record that
 * did not come from DataTopic has no outcome, and is named by its own place.
 */
function idOf(record: StoredRecord, { partition, offset, source, detail }: Found, data: DataTopic): string {
  const value = record.value ?? NO_BYTES
  if (source?.topic !== data.topic) return `${eventIdOfInvalid(value, partition, offset)}-dead`
  if (reasonOf(detail) === 'idempotency-conflict') {
    const read = readRecord(record, source.partition, data.homes)
    if (!(read instanceof InvalidRecord)) return conflictIdOf(read.eventId, source.offset)
  }
  return eventIdOfInvalid(value, source.partition, source.offset)
}

/** As a gateway would answer. */
function faultsIn(value: Uint8Array | null): Fault[] {
  try {
    const json: unknown = JSON.parse(utf8.decode(value ?? NO_BYTES))
    const faults = [...findUnknownFields(json).misnamed, ...parseCheckout(json).faults]
    return faults.map(({ pointer, code, detail }) => ({ pointer: limited(pointer), code, detail }))
  } catch {
    return []
  }
}

const limited = (text: string): string =>
  text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS).toWellFormed()}…` : text
