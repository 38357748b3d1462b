import type { Outcome } from '../../backbone/records/outcome.ts'
import { mergeByTime } from '../../backbone/timeline/merge-steps.ts'
import type { StepPlace, TimelineStep } from '../../backbone/timeline/timeline.ts'
import type { ClaimRecord } from '../read-model/record.ts'
import type { LaterStep, SourceRecord } from './read-steps.ts'

export interface TimelineTopics {
  data: string
  notifications: string
  deadLetters: { topic: string; partitions: number }
}

interface Known {
  outcome: Outcome
  /** Of the outcome, in Notifications. */
  position: { partition: number; offset: number }
  /** It was decided on another cluster: the offset of its record is one of that cluster. */
  isElsewhere: boolean
  claim: ClaimRecord | undefined
  /** Undefined if the record could not be read. */
  source: SourceRecord | undefined
  /** What a dead letter became when it was sent again. */
  redriven: Outcome | undefined
  /** In the order of their offsets. */
  later: readonly LaterStep[]
}

/**
 * All steps that are known, in the order in which they happened. What happened to a record keeps its order, even if the
 * clocks of the processes do not agree; repetitions are put between by their times.
 */
export function buildSteps(known: Known, topics: TimelineTopics): TimelineStep[] {
  return mergeByTime(ownSteps(known, topics), known.later)
}

function ownSteps(
  { outcome, position, isElsewhere, claim, source, redriven }: Omit<Known, 'later'>,
  topics: TimelineTopics,
): TimelineStep[] {
  const { source: place, receivedAt, classifiedAt } = outcome
  const steps: TimelineStep[] = arrivalSteps(source, receivedAt)
  steps.push({
    what: 'stored',
    at: source?.storedAt ?? null,
    where: { topic: topics.data, ...(isElsewhere ? { partition: place.partition } : place) },
    ...(source?.directly ? { directly: true } : {}),
  })

  const owner = claim && (claim.member ?? claim.memberId)
  if (claim && owner !== undefined && isBetween(claim.at, source?.storedAt ?? receivedAt, classifiedAt))
    steps.push({
      what: 'claimed',
      at: new Date(claim.at).toISOString(),
      where: {
        process: owner,
        topic: topics.notifications,
        partition: claim.partition,
        offset: claim.offset,
      },
      run: claim.memberId,
    })
  steps.push({
    what: 'classified',
    at: classifiedAt,
    where: { ...(owner === undefined ? {} : { process: owner }), topic: topics.notifications, ...position },
    kind: outcome.kind,
    ...(claim ? { run: claim.memberId } : {}),
  })

  const { topic, partitions } = topics.deadLetters
  if (source?.rejection)
    steps.push({
      what: 'dead-letter',
      at: classifiedAt,
      where: { topic, partition: place.partition % partitions },
      ...source.rejection,
    })
  if (redriven?.redrive)
    steps.push({
      what: 'sent-again',
      at: redriven.redrive.at,
      where: { topic: topics.data, ...redriven.source },
      eventId: redriven.eventId,
      by: redriven.redrive.by,
    })
  return steps
}

/** What the gateway did. */
function arrivalSteps(source: SourceRecord | undefined, receivedAt: string): TimelineStep[] {
  if (source?.directly) return []
  const { redrive, requestId, gateway, corrections = [], warnings = [] } = source ?? {}
  const where: StepPlace = gateway === undefined ? {} : { process: gateway }
  const request = requestId === undefined ? {} : { requestId }
  // A dead letter that was sent again has the time of its first arrival.
  const at = redrive?.at ?? receivedAt
  return [
    redrive
      ? { what: 'redriven', at, where, ...request, of: redrive.of, by: redrive.by }
      : { what: 'received', at, where, ...request },
    ...(corrections.length > 0 ? [{ what: 'corrected', at, where, corrections } as const] : []),
    ...(warnings.length > 0 ? [{ what: 'warned', at, where, warnings } as const] : []),
  ]
}

const isBetween = (at: number, from: string, to: string) => Date.parse(from) < at && at <= Date.parse(to)
