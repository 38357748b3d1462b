import type { StoredRecord } from '../../backbone/records/record.ts'

// A transaction costs several round trips, whatever its size: a partition that is far behind must not need many of them. This
// many records take far less time than the timeout of a transaction.
const RECORDS_PER_TRANSACTION = 2_500

/** Splits the records of a batch into those of one transaction each. */
export function splitIntoTransactions(records: StoredRecord[]): StoredRecord[][] {
  const count = Math.ceil(records.length / RECORDS_PER_TRANSACTION)
  return Array.from({ length: count }, (_, n) =>
    records.slice(n * RECORDS_PER_TRANSACTION, (n + 1) * RECORDS_PER_TRANSACTION),
  )
}
