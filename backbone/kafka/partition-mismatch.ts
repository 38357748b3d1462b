import type { CountsNow, TopicSettings } from './topics.ts'

interface Mismatch {
  topics: Pick<TopicSettings, 'DATA_TOPIC' | 'NOTIFICATIONS_TOPIC'>
  counts: CountsNow
  /** Partitions of DataTopic that this process has worked with since it started. */
  used: number
  /** Those that it would work with if it were restarted. */
  expected: number
}

/**
 * The fault of the partition counts and what to do, or undefined when there is none. The outcome of a record in partition
 * p goes to partition p of Notifications, so a partition that only DataTopic has cannot be classified.
 */
export function partitionMismatch({ topics, counts, used, expected }: Mismatch): string | undefined {
  const { DATA_TOPIC: data, NOTIFICATIONS_TOPIC: notifications } = topics
  const found = `${data} has ${counts.data} partitions, ${notifications} has ${counts.notifications}`
  if (counts.notifications !== undefined && counts.data > counts.notifications) {
    return (
      `${found}: records in ${rangeOf(counts.notifications, counts.data)} of ${data} are kept but not classified. ` +
      `Add partitions to ${notifications} until it has ${counts.data}, then restart the processors one by one`
    )
  }
  if (counts.notifications !== undefined && counts.data < counts.notifications) {
    return (
      `${found}: both must have the same number. ` +
      `Add partitions to ${data} until it has ${counts.notifications}, then restart the processors one by one`
    )
  }
  if (used !== expected) {
    return (
      `${data} has ${counts.data} partitions, this process works with ${used}, as when it started: ` +
      'restart it to work with all of them'
    )
  }
  return undefined
}

const rangeOf = (first: number, end: number): string =>
  first === end - 1 ? `partition ${first}` : `partitions ${first} to ${end - 1}`
