import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import type { Resources } from '../system/sample-processes.ts'
import type { Site } from '../system/site.ts'
import { type Violation, violationOf } from './violation.ts'

/** Maximum resident memory by kind of process; brokers have a heap of 512 MB and overhead. */
const MOST_MB = { gateway: 350, processor: 450, kafka: 1_280 }
// Open client connections, files of a growing log.
const MORE_DESCRIPTORS = { gateway: 200, processor: 100, kafka: 2_000 }
const GROUPS_GONE_WITHIN_MS = 60_000

const violation = (what: string) => violationOf('bounded', what)

/** Memory and descriptors stayed within limits, and only the pool's consumer group is left. */
export async function boundsKept(
  admin: Admin,
  site: Site,
  resources: ReadonlyMap<string, Resources>,
): Promise<Violation[]> {
  return [...tooLarge(resources), ...(await groupsLeft(admin, site))]
}

function tooLarge(resources: ReadonlyMap<string, Resources>): Violation[] {
  const found: Violation[] = []
  for (const [name, { peakMb, startDescriptors = 0, endDescriptors = 0 }] of resources) {
    const kind = name.replace(/-.*/, '') as keyof typeof MOST_MB
    const grown = endDescriptors - startDescriptors
    if (peakMb > MOST_MB[kind]) found.push(violation(`${name} used ${peakMb} MB, more than ${MOST_MB[kind]}`))
    if (grown > MORE_DESCRIPTORS[kind]) {
      found.push(
        violation(
          `${name} has ${grown} more descriptors than at its start, more than ${MORE_DESCRIPTORS[kind]}`,
        ),
      )
    }
  }
  return found
}

async function groupsLeft(admin: Admin, { groupId }: Site): Promise<Violation[]> {
  const giveUp = Date.now() + GROUPS_GONE_WITHIN_MS
  for (;;) {
    const { groups } = await admin.listGroups()
    const left = groups.map((group) => group.groupId).filter((id) => id.startsWith(`${groupId}-view`))
    if (left.length === 0) return []
    if (Date.now() > giveUp) return [violation(`leftover consumer groups: ${left.join(', ')}`)]
    await sleep(500)
  }
}
