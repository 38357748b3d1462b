import { header, headerText } from '../../backbone/records/headers.ts'
import type { StoredRecord } from '../../backbone/records/record.ts'
import type { ClaimRecord, CopiedLog, PartitionState } from '../read-model/record.ts'

/** What records add to a partition of Notifications, and its log after them. */
interface LogReading {
  /** Those that count. */
  records: readonly StoredRecord[]
  claims: ClaimRecord[]
  log: string
  copied: CopiedLog | undefined
  /** They belong to another log than the records before: the topic was recreated. */
  isAnother: boolean
  /** How many outcomes were copied from another cluster after an owner on this one had named the log. */
  late: number
}

interface Known {
  state: Pick<PartitionState, 'next' | 'log' | 'copied'>
  /** The last claim before the records. */
  lastClaim: ClaimRecord | undefined
  /** Id of the Kafka cluster; empty if it has none. */
  cluster: string
  isAnotherLog: (log: string) => boolean
}

const LOG = /^[0-9a-f]{8}$/

/**
 * Separates the outcomes of a partition from records that were copied into it from another cluster.
 *
 * A log is at home on one cluster, which is the one of its claims, until an owner on another one names it anew. A claim does
 * that if its header `copied-from` has the present name. From there on only what has the new name counts: an owner under that
 * name decides on the other events itself. So a log may go from cluster A to B and back. Every reader, on whatever cluster
 * and from whatever offset it continues, comes to the same result, because it depends only on the order of the records.
 */
export function readLog(partition: number, fetched: readonly StoredRecord[], known: Known): LogReading {
  const { state, cluster, isAnotherLog } = known
  const added = fetched.filter(({ offset }) => Number(offset) >= state.next)
  const hasCopies = state.copied !== undefined || added.some((record) => isClaimOfCopy(record, cluster))
  if (hasCopies) return readCopied(partition, added, known)
  const log = lastLog(fetched) ?? state.log
  return {
    records: added,
    claims: added.flatMap((record) => readClaim(partition, record) ?? []),
    log,
    copied: undefined,
    isAnother: isAnotherLog(log),
    late: 0,
  }
}

function readCopied(
  partition: number,
  added: readonly StoredRecord[],
  { state, lastClaim, cluster }: Known,
): LogReading {
  const records: StoredRecord[] = []
  const claims: ClaimRecord[] = []
  let { log, copied } = state
  let home = state.copied?.since === undefined ? lastClaim?.cluster : cluster
  let isAnother = false
  let late = 0

  const former = (...names: string[]): string[] => [
    ...new Set([...(copied?.former ?? []), ...names.filter((name) => name !== '')]),
  ]

  /**
   * False for claims of a cluster where the log is not at home: it has left it, or an owner there is about to name it. False
   * also for one that names another log than the present one: it was copied after an owner elsewhere had named the log.
   */
  function takeClaim(
    { offset, cluster: of }: ClaimRecord,
    name: string | undefined,
    copiedFrom: string | undefined,
  ): boolean {
    const madeOn = of ?? home
    const isHere = madeOn === undefined || madeOn === cluster
    const isNaming = name !== undefined && copiedFrom !== undefined
    const isLate = isNaming
      ? // Unknown if retention has removed the records with the former name.
        log !== '' && copiedFrom !== log
      : home !== undefined && madeOn !== home
    if (isLate) {
      copied = { since: copied ? copied.since : 0, former: former(name ?? '') }
      return false
    }
    home = madeOn
    if (!isHere) {
      const isNew = name !== undefined && name !== log
      copied = { since: undefined, former: isNew ? former(log, copiedFrom ?? '') : former() }
      log = name ?? log
    } else if (isNaming) {
      copied = { since: offset, former: former(log, copiedFrom) }
      log = name
    } else if (name !== undefined) {
      isAnother ||= log !== '' && name !== log
      log = name
    }
    return true
  }

  /** False if it was copied too late. */
  function takeOutcome(name: string | undefined): boolean {
    if (name === undefined || name === log) return true
    if (log === '') log = name
    else if (copied && (copied.since !== undefined || copied.former.includes(name))) {
      if (copied.since !== undefined) late++
      copied = { since: copied.since, former: former(name) }
      return false
    } else {
      // Only a claim of this cluster recreates a log; on the other cluster it was recreated.
      isAnother ||= copied === undefined
      if (copied) copied = { since: undefined, former: former(log) }
      log = name
    }
    return true
  }

  for (const record of added) {
    const claim = readClaim(partition, record)
    const name = logOf(record)
    const counts = claim
      ? takeClaim(claim, name, headerText(record.headers, header.copiedFrom))
      : takeOutcome(name)
    if (counts) records.push(record)
    // Claims of earlier versions do not tell their cluster: they belong to the one before.
    if (counts && claim) claims.push({ ...claim, cluster: home })
  }
  return { records, claims, log, copied, isAnother, late }
}

/** A claim that was made on another cluster, or that names a copy. */
function isClaimOfCopy({ headers }: StoredRecord, cluster: string): boolean {
  if (headers?.[header.claim] === undefined) return false
  return headers[header.copiedFrom] !== undefined || isOfOther(headerText(headers, header.cluster), cluster)
}

/** Claims of earlier versions do not tell their cluster: they count as claims of this one. */
const isOfOther = (madeOn: string | undefined, cluster: string): boolean =>
  madeOn !== undefined && madeOn !== cluster

/** Undefined for a record that is not a claim. */
export function readClaim(
  partition: number,
  { offset, timestamp, headers }: StoredRecord,
): ClaimRecord | undefined {
  const memberId = headerText(headers, header.claim)
  if (memberId === undefined) return undefined
  return {
    partition,
    offset: Number(offset),
    memberId,
    member: headerText(headers, header.member),
    cluster: headerText(headers, header.cluster),
    at: Number(timestamp),
  }
}

function lastLog(records: readonly StoredRecord[]): string | undefined {
  for (let index = records.length - 1; index >= 0; index--) {
    const record = records[index]
    const log = record && logOf(record)
    if (log !== undefined) return log
  }
  return undefined
}

function logOf({ headers }: StoredRecord): string | undefined {
  const log = headerText(headers, header.log)
  return log !== undefined && LOG.test(log) ? log : undefined
}
