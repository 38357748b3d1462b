import { z } from 'zod'
import { header, ownerOf } from '../../backbone/records/headers.ts'
import { type Outcome, outcomeSchema } from '../../backbone/records/outcome.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import { toOutcomeRecord } from '../read-model/encoded-outcome.ts'
import {
  type CopiedLog,
  hashOf,
  isFromOtherCluster,
  type OutcomeRecord,
  type PartitionState,
} from '../read-model/record.ts'
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

/** Where DataTopic is to be read on after these outcomes, which follow those of `state`. */
export function lastResume(
  outcomes: readonly ReadOutcome[],
  state: Pick<PartitionState, 'next' | 'resume'>,
  copied: CopiedLog | undefined,
): number | undefined {
  // The last, not the highest: after DataTopic was recreated its offsets have started again.
  const last = outcomes.findLast(
    ({ resume, record }) => resume !== undefined && !isFromOtherCluster({ copied }, record.offset),
  )
  return last?.resume ?? (isFromOtherCluster({ copied }, state.next - 1) ? undefined : state.resume)
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
