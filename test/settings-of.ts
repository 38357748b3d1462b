import { expect } from 'vitest'
import type { z } from 'zod'
import { readSettings } from '../backbone/process/settings.ts'

/** The settings in an environment that has nothing else: a misspelt setting would be ignored. */
export function settingsOf<S extends z.ZodObject>(schema: S, environment: Record<string, string>) {
  expect(Object.keys(schema.shape)).toEqual(expect.arrayContaining(Object.keys(environment)))
  return readSettings(schema, environment)
}
