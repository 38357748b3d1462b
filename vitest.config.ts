import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    pool: 'threads',
    // Broker and process tests share one machine with few cores: side by side they would only time each other out.
    fileParallelism: false,
    globalSetup: ['test/shared-kafka.ts'],
    include: ['**/*.test.ts'],
    // A CI machine with few and shared cores may stall a process for seconds. What fails twice has failed.
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Under Bun the interop unwraps zod's default export, and its named ones are gone.
    deps: { interopDefault: false },
  },
})
