import { defineConfig } from 'vitest/config'

/** Those that start brokers, processes or loads: side by side they would only time each other out. */
const SYSTEM = [
  '**/*.{broker,runtime}.test.ts',
  'loadgen/{agreement,load-test,main}.test.ts',
  'test/*.test.ts',
  'test/faults/faults.test.ts',
]

export default defineConfig({
  test: {
    pool: 'threads',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', ...SYSTEM],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: SYSTEM,
          exclude: ['**/node_modules/**'],
          globalSetup: ['test/shared-kafka.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
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
