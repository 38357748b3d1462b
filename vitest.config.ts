import { availableParallelism } from 'node:os'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'

/** They start brokers and processes, and wait for them most of the time. */
const SYSTEM = ['**/*.{broker,runtime}.test.ts', 'test/*.test.ts']

/** They compare times that were measured with times that were asked for: other work on the same cores would change both. */
const ALONE = ['loadgen/{agreement,load-test}.test.ts']

/**
 * Only `npm run test:all` runs these: each costs as much processor time as many others. They repeat on three brokers, for
 * longer or with more checkouts what shorter tests cover; pin races of the client library that need three brokers; or test
 * the tools of the fault suite.
 */
const LONG = [
  'processor/kafka/{lost-coordinator,stop-consumer}.broker.test.ts',
  'test/{launcher-cluster,launcher-partitions,memory}.test.ts',
  'test/faults/**/*.broker.test.ts',
  'test/faults/faults.test.ts',
]

const NEVER = ['**/node_modules/**']

// Tests wait for brokers, processes and timers half of the time.
const maxWorkers = Math.min(2 * availableParallelism(), 8)

const long: TestProjectConfiguration = {
  extends: true,
  test: {
    name: 'long',
    include: LONG,
    exclude: NEVER,
    globalSetup: ['test/shared-kafka.ts'],
    fileParallelism: false,
    sequence: { groupOrder: 2 },
  },
}

export default defineConfig(({ mode }) => ({
  test: {
    pool: 'threads',
    projects: [
      {
        extends: true,
        test: {
          name: 'system',
          include: SYSTEM,
          exclude: [...NEVER, ...ALONE, ...LONG],
          globalSetup: ['test/shared-kafka.ts'],
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...NEVER, ...SYSTEM, ...ALONE, ...LONG],
          // A thread loads each module once instead of once for each file: half of the processor time.
          isolate: false,
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          exclude: NEVER,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      ...(mode === 'all' ? [long] : []),
    ],
    // A CI machine with few and shared cores may stall a process for seconds. What fails twice has failed.
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Under Bun the interop unwraps zod's default export, and its named ones are gone.
    deps: { interopDefault: false },
  },
}))
