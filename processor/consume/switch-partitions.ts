import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import { errorText } from '../../backbone/kafka/error-text.ts'
import type { LayoutFollower } from '../../backbone/layout/follow-layout.ts'
import type { LayoutChange } from '../../backbone/layout/layout-state.ts'
import { LEASE_MS } from '../../backbone/layout/lease.ts'
import type { Ownership } from './ownership.ts'

interface SwitchOptions {
  layout: Pick<LayoutFollower, 'current' | 'begunAt' | 'until'>
  admin: KeptAdmin
  topic: string
  owned: ReadonlyMap<number, Ownership>
  /** Claims a partition again, under the layout of this version. */
  claimFor: (partition: number, version: number) => void
  log: Logger
}

// Clocks of different machines do not run equally fast.
const WAIT_MS = 1.25 * LEASE_MS
const CHECK_MS = 20

/**
 * Lets the owned partitions switch to a layout whose change has begun: each as soon as all that gateways have acknowledged
 * under the layout before is classified.
 */
export function switchPartitions({ layout, admin, topic, owned, claimFor, log }: SwitchOptions) {
  const stopping = new AbortController()
  const { signal } = stopping
  let ends: { version: number; of: ReadonlyMap<number, number> } | undefined

  const begun = (): LayoutChange | undefined => {
    const { change } = layout.current()
    return change?.begun ? change : undefined
  }

  /** Where DataTopic ended when no gateway could acknowledge under the layout before any more. */
  async function endsBefore(version: number): Promise<ReadonlyMap<number, number>> {
    if (ends?.version === version) return ends.of
    const offsets = await admin.use((connected) => connected.fetchTopicOffsets(topic))
    const of = new Map(offsets.map(({ partition, high }) => [partition, Number(high)]))
    ends = { version, of }
    return of
  }

  async function step({ version, former, switched }: LayoutChange): Promise<void> {
    const waiting = [...owned].filter(
      ([partition, { committer }]) => committer && partition < former.partitions && !switched.has(partition),
    )
    if (waiting.length === 0) return
    const end = await endsBefore(version)
    for (const [partition, ownership] of waiting) {
      const endBefore = end.get(partition)
      if (endBefore === undefined || (ownership.committer?.next() ?? 0) < endBefore) continue
      if (owned.get(partition) === ownership) claimFor(partition, version)
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await layout.until(() => begun() !== undefined, signal)
      for (let change = begun(); change && !signal.aborted; change = begun()) {
        const waitMs = layout.begunAt() + WAIT_MS - performance.now()
        if (waitMs <= 0)
          await step(change).catch((error: unknown) =>
            log.debug({ error: errorText(error) }, 'the ends of the partitions could not be read'),
          )
        await sleep(Math.max(CHECK_MS, waitMs), undefined, { signal }).catch(() => undefined)
      }
    }
  }
  const ended = run()

  return {
    async stop(): Promise<void> {
      stopping.abort()
      await ended
    },
  }
}
