import { test } from 'vitest'
import type { ExpectedFailures } from './client-library.ts'

/** Defines tests of which some are expected to fail, each with the reason; when the library passes one of them, that is reported. */
export const expectedTest =
  (expectedFailures: ExpectedFailures, timeout = 60_000) =>
  (name: string, body: () => Promise<void>): void => {
    const reason = expectedFailures[name]
    if (reason === undefined) test(name, { timeout }, body)
    else test.fails(`${name} (fails: ${reason})`, { timeout }, body)
  }
