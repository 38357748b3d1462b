import pino from 'pino'
import { inject, onTestFinished } from 'vitest'
import { noRefusals } from '../../backbone/kafka/testing/refusals.ts'
import type { GroupOptions } from '../../processor/kafka/consume-group.ts'
import type { BatchRange } from '../../processor/kafka/partition-consumer.ts'
import type { ClientLibrary } from './client-library.ts'

interface MemberOptions extends Partial<Pick<GroupOptions, 'groupId' | 'onBatch'>> {
  topic: string
  partitions: number
  /** Where each partition is read from. */
  from?: number
  paused?: number[]
}

/** A member that collects the records that it receives, until the test ends. */
export function joinGroup(
  { consumeGroup }: ClientLibrary,
  { topic, partitions, groupId = topic, from = 0, paused = [], onBatch }: MemberOptions,
) {
  const received: string[] = []
  const ranges: BatchRange[] = []
  const emptyRanges: BatchRange[] = []
  let assigned: number[] = []
  const running = consumeGroup(inject('kafkaBrokers'), {
    topic,
    partitions,
    groupId,
    sessionTimeoutMs: 6_000,
    knows: () => ({ owns: [], followed: [] }),
    begin: Promise.resolve(),
    onJoin(consumer, now) {
      assigned = now
      for (const partition of now) consumer.seek(partition, from)
      for (const partition of paused) consumer.pause(partition)
    },
    async onBatch(consumer, batch) {
      const { partition, records, firstOffset, lastOffset } = batch
      received.push(...records.map(({ offset, value }) => `${partition}/${offset} ${String(value)}`))
      ranges.push({ partition, firstOffset, lastOffset })
      if (onBatch) return onBatch(consumer, batch)
      batch.resolve(lastOffset)
      await batch.heartbeat()
    },
    onEmptyBatch: (range) => emptyRanges.push(range),
    onEnd() {
      assigned = []
    },
    refusals: noRefusals,
    log: pino({ level: 'silent' }),
  })
  onTestFinished(() => running.stop())
  return { ...running, received, ranges, emptyRanges, assigned: () => assigned.toSorted((a, b) => a - b) }
}

export type TestMember = ReturnType<typeof joinGroup>
