import { z } from 'zod'
import {
  type Correction,
  correctionKinds,
  MOST_CORRECTIONS,
} from '../../backbone/records/correct-checkout.ts'
import { conflictedEventOf, conflictIdOf, EVENT_ID } from '../../backbone/records/event-id.ts'
import { header, headerText, receiptOf } from '../../backbone/records/headers.ts'
import type { Outcome, Redrive } from '../../backbone/records/outcome.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import { type Warning, warningCodes } from '../../backbone/records/warning.ts'
import type { TimelineStep } from '../../backbone/timeline/timeline.ts'
import { CONFLICT, type DecisionRules, decideOutcome } from '../classify/decide-outcome.ts'
import { decidedBody } from '../classify/decided-body.ts'
import { InvalidRecord, readRecord } from '../classify/read-record.ts'
import { receivedAt } from '../classify/received-at.ts'
import { redriveIn } from '../classify/redrive-in.ts'

export type LaterStep = Extract<TimelineStep, { what: 'repeated' | 'conflict' }>

/** What the record of an outcome tells, without views of the fetch response. */
export interface SourceRecord {
  storedAt: string | null
  directly: boolean
  gateway: string | undefined
  requestId: string | undefined
  redrive: Redrive | undefined
  corrections: Correction[]
  warnings: Warning[]
  /** Of an invalid record. */
  rejection?: { reason: string; conflictsWith?: string }
}

const correctionSchema = z.object({ pointer: z.string(), correction: z.enum(correctionKinds) })
const warningSchema = z
  .object({
    pointer: z.string(),
    code: z.enum(Object.keys(warningCodes) as Warning['code'][]),
    didYouMean: z.string().optional(),
  })
  .transform(({ didYouMean, ...warning }) =>
    didYouMean === undefined ? warning : { ...warning, didYouMean },
  )

/** False if DataTopic was recreated, and has another record at this offset now. */
export function isSourceOf({ headers }: StoredRecord, { eventId, kind }: Outcome): boolean {
  const id = headerText(headers, header.eventId)
  return kind === 'invalid' || id === undefined || !EVENT_ID.test(id) || id === eventId
}

export function readSource(record: StoredRecord, outcome: Outcome, rules: DecisionRules): SourceRecord {
  const { headers, timestamp } = record
  const receipt = receiptOf(headers)
  const rejection = outcome.kind === 'invalid' ? rejectionOf(record, outcome, rules) : undefined
  return {
    storedAt: isoTime(timestamp),
    directly: headerText(headers, header.eventId) === undefined,
    gateway: receipt?.gateway,
    requestId: receipt?.requestId,
    redrive: redriveIn(headers, outcome.source.partition),
    corrections: listIn(headerText(headers, header.corrections), correctionSchema),
    warnings: listIn(headerText(headers, header.warnings), warningSchema),
    ...(rejection ? { rejection } : {}),
  }
}

/** Why the record is invalid is read from it once more: the dead-letter topic has no index. */
function rejectionOf(record: StoredRecord, { eventId, source }: Outcome, { homes }: DecisionRules) {
  const read = readRecord(record, source.partition, homes)
  if (read instanceof InvalidRecord) return { reason: read.reason }
  const conflictsWith = conflictedEventOf(eventId)
  if (conflictsWith === undefined) return undefined
  // The layout may have changed since it was decided on.
  const isItsEvent = conflictsWith === read.eventId || conflictsWith === read.otherId
  return isItsEvent ? { reason: CONFLICT, conflictsWith } : undefined
}

/** Recognises the records after the one of an outcome that have the same event id, by the rules of the processor. */
export function createLaterReader(
  outcome: Outcome,
  rules: DecisionRules,
  topic: string,
): (record: StoredRecord) => LaterStep | undefined {
  const { eventId, source, checkout } = outcome
  const { partition } = source
  const decided = { canonical: decidedBody(outcome), source }
  const known = (id: string) => (id === eventId ? decided : undefined)

  /** Whether it is worth parsing. */
  function isCandidate({ headers, value }: StoredRecord): boolean {
    const id = headerText(headers, header.eventId)
    if (id === eventId) return true
    const hasId = id !== undefined && EVENT_ID.test(id)
    return !hasId && checkout !== null && (value?.includes(checkout.id) ?? false)
  }

  return (record) => {
    if (!isCandidate(record)) return undefined
    const offset = Number(record.offset)
    const decision = decideOutcome(record, partition, rules, known, () => new Date())
    const receipt = receiptOf(record.headers)
    const step = {
      at: redriveIn(record.headers, partition)?.at ?? receivedAt(record)?.toISOString() ?? null,
      where: { ...(receipt ? { process: receipt.gateway } : {}), topic, partition, offset },
      ...(receipt ? { requestId: receipt.requestId } : {}),
    }
    if (decision.outcome === undefined) return { what: 'repeated', ...step }
    const isConflict = decision.outcome.eventId === conflictIdOf(eventId, offset)
    return isConflict ? { what: 'conflict', ...step, eventId: decision.outcome.eventId } : undefined
  }
}

/** Null where a writer has set a time that is no date. */
const isoTime = (timestamp: string): string | null =>
  receivedAt({ timestamp, headers: {} })?.toISOString() ?? null

/** Other programs may write these headers, too. */
function listIn<Entry>(text: string | undefined, schema: z.ZodType<Entry>): Entry[] {
  try {
    return z
      .array(schema)
      .max(MOST_CORRECTIONS)
      .parse(JSON.parse(text ?? '[]'))
  } catch {
    return []
  }
}
