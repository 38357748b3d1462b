import { defineConfig } from 'vitest/config'

/** Not part of the suite: it needs Python or Go. See CONTRIBUTING.md. */
export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ['clients.ts', 'kafka.ts'],
    globalSetup: ['test/shared-kafka.ts'],
    setupFiles: ['test/avoid-idle-timers.ts'],
    pool: 'threads',
    fileParallelism: false,
    hookTimeout: 120_000,
    deps: { interopDefault: false },
  },
})
