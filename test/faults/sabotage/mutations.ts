import type { FaultName } from '../inject/fault-names.ts'
import type { Invariant } from '../judge/violation.ts'
import type { Mutation } from './mutation-names.ts'

interface Patch {
  /** Relative to the root of the project. */
  file: string
  find: string
  replace: string
}

interface MutationPlan {
  patches: Patch[]
  /** The invariant that it breaks. */
  breaks: Invariant
  /** Faults that expose the defect. */
  faults: FaultName[]
}

/**
 * Defects to insert into the product. Each patch must match the current source: `mutations.test.ts` verifies
 * it.
 */
export const mutations: Record<Mutation, MutationPlan> = {
  'ack-before-kafka': {
    patches: [
      {
        file: 'gateway/publish/publish-checkout.ts',
        find: '      return stored\n',
        replace:
          '      stored.catch(() => undefined)\n      return { partition: record.partition, offset: 0 }\n',
      },
    ],
    breaks: 'acknowledged-not-lost',
    faults: ['kill-gateway', 'kill-all-brokers'],
  },
  'no-fencing': {
    patches: [
      {
        file: 'processor/main.ts',
        find: '`${config.GROUP_ID}-${partition}`',
        replace: '`${config.GROUP_ID}-${partition}-${memberId}`',
      },
      // A slow member is not a defect while it is fenced, so it is frozen in the middle of a commit.
      {
        file: 'processor/consume/commit-transaction.ts',
        find: '  const transaction = await producer.begin()\n',
        replace:
          '  await new Promise((resolve) => setTimeout(resolve, 300))\n  const transaction = await producer.begin()\n',
      },
      // Otherwise a frozen member gives up its transaction as soon as it is thawed.
      {
        file: 'processor/consume/commit-transaction.ts',
        find: 'LONGEST_TRANSACTION_MS = 6_000',
        replace: 'LONGEST_TRANSACTION_MS = 600_000',
      },
    ],
    breaks: 'one-outcome',
    faults: ['freeze-processor'],
  },
  'no-claim': {
    patches: [
      { file: 'processor/consume/claim-partition.ts', find: '    await follow(offset)\n', replace: '' },
      // A slow read model is not a defect while a new owner waits for it.
      {
        file: 'processor/follow/follow-batch.ts',
        find: '    await readModel.append(partition, {\n',
        replace:
          '    await new Promise((resolve) => setTimeout(resolve, 1_500))\n    await readModel.append(partition, {\n',
      },
    ],
    breaks: 'one-outcome',
    faults: ['roll-processors'],
  },
  'offsets-before-outcomes': {
    patches: [
      {
        file: 'processor/consume/claim-partition.ts',
        find: 'startingOffset(partition, resume, first > 0, copied?.decidedUntil)',
        replace: 'startingOffset(partition, undefined, true, undefined)',
      },
      {
        file: 'processor/consume/consume-batch.ts',
        find: '        await committer.commit(records)\n',
        replace:
          '        await consumer.commitOffsets(new Map([[partition, Number(records.at(-1)?.offset) + 1]]))\n        await committer.commit(records)\n',
      },
    ],
    breaks: 'acknowledged-not-lost',
    faults: ['kill-processor', 'kill-all-processors'],
  },
  'no-deduplication': {
    patches: [
      {
        file: 'processor/classify/decide-outcome.ts',
        find: 'const known = decided(eventId)',
        replace: 'const known = undefined as DecidedEvent | undefined',
      },
    ],
    breaks: 'one-outcome',
    faults: ['kill-gateway', 'reset-answers'],
  },
  'forget-window': {
    patches: [
      {
        file: 'gateway/checkout/idempotency-window.ts',
        find: 'const known = inFlight.get(submitted.eventId) ?? answered.get(submitted.eventId)',
        replace: 'const known = undefined as InFlight<Answer> | undefined',
      },
    ],
    breaks: 'replay',
    faults: ['kill-processor'],
  },
  'resume-too-late': {
    patches: [
      {
        file: 'processor/results/stream-notifications.ts',
        find: ': decodeCursor(given)',
        replace: ': ((at) => ({ ...at, next: at.next.map((offset) => offset + 1) }))(decodeCursor(given))',
      },
    ],
    breaks: 'streams',
    faults: ['kill-processor'],
  },
  'resume-too-early': {
    patches: [
      {
        file: 'processor/results/stream-notifications.ts',
        find: ': decodeCursor(given)',
        replace:
          ': ((at) => ({ ...at, next: at.next.map((offset) => Math.max(0, offset - 2)) }))(decodeCursor(given))',
      },
    ],
    breaks: 'streams',
    faults: ['kill-processor'],
  },
  'drop-dead-letter': {
    patches: [
      {
        file: 'processor/consume/transaction-records.ts',
        find: 'records: dead }',
        replace: 'records: [] }',
      },
    ],
    breaks: 'dead-letter',
    faults: ['kill-processor'],
  },
  'forget-follow-ups': {
    patches: [
      {
        file: 'backbone/records/outcome.ts',
        find: 'unverified: { number: 3, isNotified: false, isFollowedUp: true }',
        replace: 'unverified: { number: 3, isNotified: false, isFollowedUp: false }',
      },
    ],
    breaks: 'follow-up',
    faults: ['kill-processor'],
  },
  'round-taps': {
    patches: [
      {
        file: 'processor/classify/classify.ts',
        find: 'taps <= untilMinutes',
        replace: 'Math.round(taps) <= untilMinutes',
      },
    ],
    breaks: 'nothing-altered',
    faults: ['kill-processor'],
  },
  'reverse-batch': {
    patches: [
      {
        file: 'processor/consume/transaction-records.ts',
        find: 'logged = outcomes.map(',
        replace: 'logged = outcomes.toReversed().map(',
      },
    ],
    breaks: 'order',
    faults: ['kill-processor'],
  },
  'holes-in-a-view': {
    patches: [
      {
        file: 'processor/follow/follow-batch.ts',
        find: 'records: records.map(({ record }) => record),',
        replace:
          "records: records.map(({ record }) => record).filter(({ offset }) => process.env['INSTANCE'] !== 'processor-2' || offset % 97 !== 0),",
      },
    ],
    breaks: 'views-agree',
    faults: ['kill-processor'],
  },
  'leak-memory': {
    patches: [
      {
        file: 'gateway/checkout/accept-checkout.ts',
        find: '    const lane = laneOf(checkout)\n',
        replace:
          '    const lane = laneOf(checkout)\n    ;((globalThis as { leaked?: Buffer[] }).leaked ??= []).push(Buffer.alloc(100_000, 1))\n',
      },
    ],
    breaks: 'bounded',
    faults: ['kill-processor'],
  },
  'log-a-customer': {
    patches: [
      {
        file: 'gateway/publish/send-request.ts',
        find: "log.warn({ error: String(error), records: entries.length }, 'publishing failed')",
        replace: "log.warn({ error: String(error), entries }, 'publishing failed')",
      },
    ],
    breaks: 'private-logs',
    faults: ['kill-all-brokers'],
  },
  'give-up-consuming': {
    patches: [
      {
        file: 'processor/kafka/run-consumer.ts',
        find: 'while (!stopping.signal.aborted) {',
        // Coordinators of a new cluster are not ready yet, and consumers end regularly.
        replace: 'while (!stopping.signal.aborted && performance.now() < 12_000) {',
      },
    ],
    breaks: 'recovery',
    faults: ['kill-all-brokers'],
  },
  'keep-password': {
    patches: [
      {
        file: 'backbone/process/reload-files.ts',
        find: '      value = parse(now, value)\n',
        // Without gateways the load would try for a quarter of an hour.
        replace: "      if (!process.argv[1]?.includes('processor')) value = parse(now, value)\n",
      },
    ],
    breaks: 'recovery',
    faults: ['change-password'],
  },
}
