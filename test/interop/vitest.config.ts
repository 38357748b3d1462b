import { defineConfig } from 'vitest/config'

/** Not part of the suite: it needs Python and Go. See docs/guides/event-streams.md. */
export default defineConfig({
  test: {
    dir: import.meta.dirname,
    include: ['clients.ts'],
    globalSetup: ['test/shared-kafka.ts'],
    pool: 'threads',
    hookTimeout: 120_000,
    deps: { interopDefault: false },
  },
})
