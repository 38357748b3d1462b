import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FaultyCluster } from '../system/cluster.ts'

/** The id of the broker that leads the controllers, from the files of the quorum: clients cannot query it. */
export function findController(cluster: FaultyCluster): number {
  const states = cluster.parts.map(({ name }) => {
    const file = join(cluster.dataDir(name), '__cluster_metadata-0', 'quorum-state')
    return JSON.parse(readFileSync(file, 'utf8')) as { leaderId: number; leaderEpoch: number }
  })
  const latest = states
    .filter(({ leaderId }) => leaderId > 0)
    .toSorted((a, b) => b.leaderEpoch - a.leaderEpoch)[0]
  if (!latest) throw new Error('the controllers have no leader')
  return latest.leaderId
}
