import { defineConfig } from 'vitest/config'

/** Those that start brokers or processes, and wait for them most of the time. */
const SYSTEM = ['**/*.{broker,runtime}.test.ts', 'test/*.test.ts']

/** Those that take all cores: beside others they would only time each other out. */
const ALONE = [
  'deploy/kafka/start-kafka.broker.test.ts',
  'processor/kafka/lost-coordinator.broker.test.ts',
  'loadgen/{agreement,load-test,main}.test.ts',
  'test/{launcher-cluster,memory}.test.ts',
  'test/faults/faults.test.ts',
]

const NEVER = ['**/node_modules/**']

export default defineConfig({
  test: {
    pool: 'threads',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...NEVER, ...SYSTEM, ...ALONE],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: SYSTEM,
          exclude: [...NEVER, ...ALONE],
          globalSetup: ['test/shared-kafka.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          exclude: NEVER,
          globalSetup: ['test/shared-kafka.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
    // A CI machine with few and shared cores may stall a process for seconds. What fails twice has failed.
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Under Bun the interop unwraps zod's default export, and its named ones are gone.
    deps: { interopDefault: false },
  },
})
