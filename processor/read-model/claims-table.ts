import type { DatabaseSync } from 'node:sqlite'
import { type ClaimRecord, offsetOf, partitionOf, positionOf } from './record.ts'

interface ClaimRow {
  position: number
  member_id: string
  member: string | null
  cluster: string | null
  at: number
}

/** All claims in the file, in the order of their offsets. */
export function readClaims(database: DatabaseSync): ClaimRecord[] {
  const rows = database.prepare('SELECT * FROM claims ORDER BY position').all() as unknown as ClaimRow[]
  return rows.map(({ position, member_id: memberId, member, cluster, at }) => ({
    partition: partitionOf(position),
    offset: offsetOf(position),
    memberId,
    member: member ?? undefined,
    cluster: cluster ?? undefined,
    at,
  }))
}

/** Changes the claims in the file, within the transaction of the caller. */
export function createClaimsTable(database: DatabaseSync) {
  const insert = database.prepare('INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?, ?)')
  const removeAll = database.prepare('DELETE FROM claims WHERE position >= ? AND position < ?')
  const removeBefore = database.prepare(
    `DELETE FROM claims WHERE position >= ?1 AND position <
     (SELECT max(position) FROM claims WHERE position >= ?1 AND position < ?2)`,
  )

  return {
    add(claims: readonly ClaimRecord[]): void {
      for (const { partition, offset, memberId, member, cluster, at } of claims)
        insert.run(positionOf(partition, offset), memberId, member ?? null, cluster ?? null, at)
    },

    /** Keeps the last claim before `first`: the first kept outcomes were written under it. */
    cut(partition: number, first: number): void {
      removeBefore.run(positionOf(partition, 0), positionOf(partition, first))
    },

    remove(partition: number): void {
      removeAll.run(positionOf(partition, 0), positionOf(partition + 1, 0))
    },
  }
}
