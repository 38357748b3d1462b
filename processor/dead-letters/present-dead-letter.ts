import { isUtf8 } from 'node:buffer'
import type { Identity } from '../../backbone/access/identity.ts'
import type { Bytes, DeadLetter, DeadLetterDetails, Redriven } from '../../backbone/records/dead-letter.ts'
import type { Outcome } from '../../backbone/records/outcome.ts'
import { parseOutcome } from '../read-model/encoded-outcome.ts'
import type { FoundOutcome } from '../read-model/record.ts'
import type { Present } from '../results/mask-outcome.ts'
import type { DeadLetterRow, ListedDeadLetter } from './record.ts'

const WITHHELD = ['key', 'payload']

const seesPersonal = ({ scopes }: Identity): boolean => scopes.has('personal')

/** An item of the list. `json` is the outcome of the record that sent it again, `invalid` that of its own. */
export function presentDeadLetter(
  { partition, offset, id, fullId, isShared, owner, reason, detail, at, size, facts }: ListedDeadLetter,
  { redriven, invalid }: { redriven: Outcome | undefined; invalid: Outcome | undefined },
  identity: Identity,
): DeadLetter {
  const { source, faults, redrive, traceparent } = facts
  // Only this system's own reasons are known to have no customer data.
  const isShown = detail !== '' && (reason !== 'other' || seesPersonal(identity))
  return {
    id: isShared ? fullId : id,
    reason,
    ...(isShown ? { detail } : {}),
    faults,
    source,
    place: { partition, offset },
    owner,
    // The outcome has the time of the record in DataTopic, which a dead letter without the header has not.
    receivedAt: invalid?.receivedAt ?? facts.receivedAt,
    at: new Date(at).toISOString(),
    size,
    ...(redrive === undefined ? {} : { redrive }),
    ...(traceparent === undefined ? {} : { traceparent }),
    redriven: redriven === undefined ? null : presentRedriven(redriven),
  }
}

/** The same with the bytes, for a client that may see them. */
export function presentDetails(
  row: ListedDeadLetter & DeadLetterRow,
  { redriven: found, invalid }: { redriven: FoundOutcome | undefined; invalid: Outcome | undefined },
  identity: Identity,
  present: Present,
): DeadLetterDetails {
  const outcomes = { redriven: found && parseOutcome(found.json), invalid }
  const { redriven, ...item } = presentDeadLetter(row, outcomes, identity)
  return {
    ...item,
    redriven: redriven && found ? { ...redriven, outcome: parseOutcome(present(found)) } : null,
    ...(seesPersonal(identity)
      ? { key: bytesOf(row.key), payload: bytesOf(row.value) }
      : { withheld: WITHHELD }),
  }
}

function presentRedriven({ eventId, kind, classifiedAt, redrive }: Outcome): Redriven {
  // Another program may have used the event id.
  return { eventId, kind, by: redrive?.by ?? 'unknown', at: redrive?.at ?? classifiedAt }
}

function bytesOf(bytes: Uint8Array | null): Bytes | null {
  if (bytes === null) return null
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return isUtf8(buffer) ? { text: buffer.toString() } : { base64: buffer.toString('base64') }
}
