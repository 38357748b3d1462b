import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { exitWithFaults } from './exit-with-faults.ts'

/** Lists all faults of the environment, one per line. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/**
 * Reads the settings of a process from its environment: with defaults, validated and frozen. An empty
 * variable counts as unset. Throws {@link SettingsError}.
 */
export function readSettings<S extends z.ZodObject>(
  schema: S,
  environment: NodeJS.ProcessEnv,
): Readonly<z.infer<S>> {
  const given = Object.fromEntries(
    Object.keys(schema.shape)
      .map((name) => [name, environment[name]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = schema.safeParse(given)
  if (parsed.success) return Object.freeze(parsed.data)
  const faults = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0])
    return `${name}: ${given[name] === undefined ? 'is not set' : wordsOf(issue)}`
  })
  throw new SettingsError(faults.join('\n'))
}

const wordsOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_value' ? `must be ${issue.values.join(', ')}` : issue.message

/** `true` or `false` as text; any other value is an error. */
export const flag = z.stringbool({ truthy: ['true'], falsy: ['false'] })

/** An integer as text. */
export const wholeNumber = (least: number, most: number) => {
  const allowed = `must be a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d+$/, { error: allowed, abort: true })
    .transform(Number)
    .pipe(z.number(allowed).min(least, allowed).max(most, allowed))
}

const ABOVE_ZERO = 'must be a number above 0'

/** A number as text, integer or fraction. */
export const numberAboveZero = z.coerce.number(ABOVE_ZERO).positive(ABOVE_ZERO)

/** A list as text; empty items are ignored. */
export const commaSeparated = z.string().transform((list) =>
  list
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
)

/** Content of a file that a setting names. Throws {@link SettingsError}. */
export function readSettingsFile(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new SettingsError(`${name}: cannot read ${path}: ${String(error)}`)
  }
}

/** The first step of a process: if its settings are invalid, logs the faults and exits with 1. */
export function settingsOrExit<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof SettingsError) exitWithFaults(error.message.split('\n'))
    throw error
  }
}
