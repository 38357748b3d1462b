import { z } from 'zod'
import { header, headerText, ownerOf } from '../../backbone/records/headers.ts'
import { type Outcome, outcomeSchema } from '../../backbone/records/outcome.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import { toOutcomeRecord } from '../read-model/encoded-outcome.ts'
import { type ClaimRecord, hashOf, type OutcomeRecord } from '../read-model/record.ts'
import { scanOutcome } from './scan-outcome.ts'

/** An outcome, and the offset in DataTopic after its record, if that is in the same partition. */
export interface ReadOutcome {
  record: OutcomeRecord
  resume: number | undefined
}

// Its checkout was validated before it was classified: once is enough.
const followedSchema = z.compile(
  outcomeSchema.extend({
    checkout: z.object({ id: z.string(), folio: z.unknown().optional() }).nullable(),
  }),
)
const LOG = /^[0-9a-f]{8}$/
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/**
 * A record of Notifications. Undefined for a claim, and for any other record that is not an outcome, after a call of
 * `onOther`.
 */
export function readOutcome(
  partition: number,
  read: StoredRecord,
  onOther: (offset: string) => void,
): ReadOutcome | undefined {
  const { offset, value, headers } = read
  if (value === null || headers?.[header.claim] !== undefined) return undefined
  // Only the owner of a partition gives its outcomes the id of the log. It validated them.
  const scanned = headers?.[header.log] === undefined ? undefined : scanOutcome(value)
  if (scanned === undefined) return parseOutcome(partition, read, value, onOther)
  const { source, ...found } = scanned
  const record = {
    ...found,
    partition,
    offset: Number(offset),
    eventHash: hashOf(found.eventId),
    owner: ownerOf(headers),
    // A copy: the value may be a view of a whole fetch response, which would stay in memory.
    json: new Uint8Array(value),
  }
  return { record, resume: resumeAfter(source, partition) }
}

/** Undefined for a record that is not a claim. */
export function readClaim(
  partition: number,
  { offset, timestamp, headers }: StoredRecord,
): ClaimRecord | undefined {
  const memberId = headerText(headers, header.claim)
  if (memberId === undefined) return undefined
  const member = headerText(headers, header.member)
  return { partition, offset: Number(offset), memberId, member, at: Number(timestamp) }
}

export function lastLog(records: StoredRecord[]): string | undefined {
  for (const { headers } of records.toReversed()) {
    const log = headerText(headers, header.log)
    if (log !== undefined && LOG.test(log)) return log
  }
  return undefined
}

// The last, not the highest: after DataTopic was recreated its offsets have started again.
export function lastResume(
  records: Pick<ReadOutcome, 'resume'>[],
  before: number | undefined,
): number | undefined {
  return records.findLast(({ resume }) => resume !== undefined)?.resume ?? before
}

/** JSON of another program may be indented; a frame of an event stream is one line. */
function oneLine(value: Buffer): Uint8Array {
  const broken = value.includes(LINE_FEED) || value.includes(CARRIAGE_RETURN)
  return broken ? Buffer.from(JSON.stringify(JSON.parse(value.toString()))) : new Uint8Array(value)
}

function parseOutcome(
  partition: number,
  { offset, headers }: StoredRecord,
  value: Buffer,
  onOther: (offset: string) => void,
): ReadOutcome | undefined {
  const { data: outcome } = followedSchema.safeParse(parseJson(value.toString()))
  if (outcome === undefined) {
    onOther(offset)
    return undefined
  }
  const encoded = { outcome, owner: ownerOf(headers), json: oneLine(value) }
  const record = toOutcomeRecord(encoded, partition, Number(offset))
  return { record, resume: resumeAfter(outcome.source, partition) }
}

const resumeAfter = (source: Outcome['source'], partition: number): number | undefined =>
  source.partition === partition ? source.offset + 1 : undefined

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
