import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** They start brokers and processes, and wait for them most of the time. */
const SYSTEM = ['**/*.{broker,runtime}.test.ts', 'test/*.test.ts']

/** They compare times, or put a whole cluster under load: other work on the same cores would change the result. */
const ALONE = [
  'loadgen/{agreement,load-test}.test.ts',
  'test/{alerts,two-sites}.test.ts',
  'test/faults/faults.test.ts',
]

/**
 * Only `npm run test:all` runs these: each costs as much processor time as many others. They repeat on three brokers, for
 * longer or with more checkouts what shorter tests cover; pin races of the client library that need three brokers; test
 * the tools of the fault suite; look at pages on which no promise depends; or need Prometheus.
 */
const LONG = [
  'deploy/prometheus/rules.test.ts',
  'gateway/publish/several-leaders.broker.test.ts',
  'processor/kafka/{lost-coordinator,moved-leader,stop-consumer}.broker.test.ts',
  'test/{alerts,docs-page,launcher-cluster,launcher-partitions,layout-outage,load-report,memory,page-faults,page-figures,two-sites}.test.ts',
  'test/faults/**/*.broker.test.ts',
  'test/faults/faults.test.ts',
]

// Tests wait for brokers, processes and timers half of the time.
const maxWorkers = Math.min(2 * availableParallelism(), 8)

export default defineConfig(({ mode }) => {
  const never = ['**/node_modules/**', ...(mode === 'all' ? [] : LONG)]
  return {
    test: {
      pool: 'threads',
      projects: [
        {
          extends: true,
          test: {
            name: 'system',
            include: SYSTEM,
            exclude: [...never, ...ALONE],
            globalSetup: ['test/shared-kafka.ts'],
            setupFiles: ['test/avoid-idle-timers.ts'],
            maxWorkers,
            sequence: { groupOrder: 0 },
          },
        },
        {
          extends: true,
          test: {
            name: 'unit',
            include: ['**/*.test.ts'],
            exclude: [...never, ...SYSTEM, ...ALONE],
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
            exclude: never,
            setupFiles: ['test/avoid-idle-timers.ts'],
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
  }
})
