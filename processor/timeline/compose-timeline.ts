import { eventIdOfRedrive } from '../../backbone/records/event-id.ts'
import { addDeliveries } from '../../backbone/timeline/deliveries.ts'
import type { Incomplete, Timeline } from '../../backbone/timeline/timeline.ts'
import type { DecisionRules } from '../classify/decide-outcome.ts'
import type { DeliveryMemory } from '../deliveries/delivery-memory.ts'
import { parseOutcome } from '../read-model/encoded-outcome.ts'
import type { OutcomeStore, PartitionOwners } from '../read-model/outcome-store.ts'
import { type FoundOutcome, isFromOtherCluster, positionOf } from '../read-model/record.ts'
import { buildSteps, type TimelineTopics } from './build-steps.ts'
import { createLaterReader, isSourceOf, type LaterStep, readSource, type SourceRecord } from './read-steps.ts'
import type { History, ScanHistory } from './scan-history.ts'

interface ComposerOptions {
  readModel: PartitionOwners & Pick<OutcomeStore, 'find' | 'partition'>
  scanHistory: ScanHistory
  /** Now. */
  rules: () => DecisionRules
  /** What this member has sent. */
  reportOf: DeliveryMemory['reportOf']
  topics: TimelineTopics
}

export type TimelineParts = Pick<Timeline, 'steps' | 'searched' | 'deliveriesSince' | 'incomplete'>

/** Puts a timeline together from the read model and from the records in Kafka. Never rejects. */
export function createTimelineComposer({
  readModel,
  scanHistory,
  reportOf,
  topics,
  ...options
}: ComposerOptions) {
  return async function composeTimeline(
    { partition, offset, json }: FoundOutcome,
    signal: AbortSignal,
  ): Promise<TimelineParts> {
    const outcome = parseOutcome(json)
    const rules = options.rules()
    const claim = readModel.ownerAt(partition, offset)
    const readLater = createLaterReader(outcome, rules, topics.data)
    let source: SourceRecord | undefined
    const later: LaterStep[] = []
    // Its offset in DataTopic is one of the other cluster.
    const isElsewhere = isFromOtherCluster(readModel.partition(partition), offset)
    const readHistory = isElsewhere ? () => CLASSIFIED_ELSEWHERE : scanHistory
    const history = await readHistory(
      {
        ...outcome.source,
        onSource(record) {
          if (isSourceOf(record, outcome)) source = readSource(record, outcome, rules)
        },
        // The id of an invalid outcome contains the offset of its record: no other record can have it.
        ...(outcome.kind === 'invalid'
          ? {}
          : {
              onLater(record) {
                const step = readLater(record)
                if (step) later.push(step)
              },
            }),
      },
      signal,
    )
    const { searched } = history
    const redriven =
      outcome.kind === 'invalid'
        ? readModel.find(eventIdOfRedrive(outcome.eventId, outcome.source.partition))
        : undefined
    const parts: TimelineParts = {
      steps: buildSteps(
        {
          outcome,
          position: { partition, offset },
          isElsewhere,
          claim,
          source,
          redriven: redriven && parseOutcome(redriven.json),
          later,
        },
        topics,
      ),
      ...(searched ? { searched } : {}),
      incomplete: [
        ...missingFrom(history, outcome.kind === 'invalid', source !== undefined),
        ...(claim ? [] : [CLAIM_REMOVED]),
      ],
    }
    const reports = [reportOf(positionOf(partition, offset))]
    return addDeliveries(parts, { classifiedAt: outcome.classifiedAt, reports })
  }
}

const CLASSIFIED_ELSEWHERE: History = {
  failure: {
    reason: 'record-removed',
    detail: 'The outcome was copied from another Kafka cluster, where its record is',
  },
}

const CLAIM_REMOVED: Incomplete = {
  reason: 'claim-removed',
  what: ['claimed', 'classified'],
  detail: 'Retention has removed the claim of the processor that classified it',
}

const ofRecord = ['received', 'corrected', 'warned', 'stored'] as const satisfies Incomplete['what']
const ofLaterRecords = ['repeated', 'conflict'] as const satisfies Incomplete['what']

function missingFrom({ searched, failure }: History, isInvalid: boolean, hasSource: boolean): Incomplete[] {
  const what = [...ofRecord, ...(isInvalid ? (['dead-letter'] as const) : ofLaterRecords)]
  if (failure) return [{ ...failure, what }]
  if (!hasSource) return [{ reason: 'record-removed', what, detail: 'Retention has removed the record' }]
  if (isInvalid || searched?.end) return []
  const detail = `Searched for repetitions up to offset ${searched?.to}, not to the end of the partition`
  return [{ reason: 'too-late', what: [...ofLaterRecords], detail }]
}
