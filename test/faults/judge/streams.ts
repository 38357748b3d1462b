import { createFindings } from './findings.ts'
import type { OutcomeRecord, Outcomes } from './outcome-index.ts'
import type { Violation } from './violation.ts'

/** Everything that one subscriber of the stream received, in order. */
export interface SeenStream {
  subscriber: number
  /** By partition of the source: its offset, and xxHash32 of the line of data. */
  partitions: ReadonlyMap<number, { offsets: Int32Array; hashes: Uint32Array }>
  /** The data of each `gap` event. */
  gaps: readonly string[]
}

type Findings = ReturnType<typeof createFindings>

/** Every subscriber received each notifying outcome once, unaltered, in the order of its partition. */
export function findStreamFaults(outcomes: Outcomes, streams: readonly SeenStream[]): Violation[] {
  const findings = createFindings('streams')
  const notifying = new Map(
    [...outcomes.log.partitions].map(([partition, records]) => [partition, records.filter(mustNotify)]),
  )
  for (const stream of streams) {
    const { subscriber, partitions, gaps } = stream
    for (const gap of gaps) {
      findings.add(`subscriber ${subscriber} received a gap`, [], () => [gap])
    }
    for (const partition of new Set([...notifying.keys(), ...partitions.keys()])) {
      checkPartition(findings, stream, partition, notifying.get(partition) ?? [], outcomes)
    }
  }
  return findings.violations()
}

export const mustNotify = ({ kind }: Pick<OutcomeRecord, 'kind'>) => kind === 'quick' || kind === 'slow'

function checkPartition(
  findings: Findings,
  { subscriber, partitions }: SeenStream,
  partition: number,
  expected: readonly OutcomeRecord[],
  { log }: Outcomes,
) {
  const { offsets = new Int32Array(), hashes = new Uint32Array() } = partitions.get(partition) ?? {}
  const rankOf = new Map(expected.map(({ sourceOffset }, rank) => [sourceOffset, rank]))
  const seen = new Uint8Array(expected.length)
  let highest = -1
  const add = (fault: string, outcome: OutcomeRecord) =>
    findings.add(`subscriber ${subscriber} ${fault}`, [outcome.eventId], () => log.around(outcome))

  for (const [index, offset] of offsets.entries()) {
    const rank = rankOf.get(offset) ?? -1
    const outcome = expected[rank]
    if (!outcome) {
      findings.add(`subscriber ${subscriber} received an outcome that is not in Notifications`, [], () => [
        `source ${partition}/${offset}`,
      ])
      continue
    }
    if (seen[rank]) add('received an outcome twice', outcome)
    else if (rank < highest) add('received an outcome after a later one', outcome)
    if (hashes[index] !== outcome.lineHash) add('received an altered outcome', outcome)
    seen[rank] = 1
    highest = Math.max(highest, rank)
  }
  for (const [rank, outcome] of expected.entries()) {
    if (!seen[rank]) add('missed an outcome', outcome)
  }
}
