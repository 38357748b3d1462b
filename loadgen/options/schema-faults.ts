import type { z } from 'zod'
import { executors } from '../load-definition.ts'

/** Options of k6 that a load does not have, with the replacement. */
const K6_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['gracefulStop', 'the run waits for checkouts in flight, up to timeout'],
  ['gracefulRampDown', 'the run waits for checkouts in flight, up to timeout'],
  ['exec', 'each scenario sends checkouts'],
  ['env', 'a load is a module and can read process.env'],
  ['iterations', 'set a duration'],
  ['maxDuration', 'set a duration'],
])
const K6_EXECUTORS: ReadonlyMap<string, string> = new Map([
  ['shared-iterations', 'use constant-arrival-rate or constant-vus, with a duration'],
  ['per-vu-iterations', 'use constant-vus, with a duration'],
  ['externally-controlled', 'use constant-arrival-rate; on a terminal, + and - change its rate'],
])

/** Translates zod's messages into ours; a schema with its own message keeps it. */
export function wordsOfIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_union' && issue.discriminator === 'executor') {
    return wordsOfExecutor((issue.input as { executor?: unknown }).executor)
  }
  if (issue.input === undefined) return 'is missing'
  if (issue.code === 'invalid_type') return `must be ${NAMES[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  return undefined
}

const NAMES: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
}

function wordsOfExecutor(executor: unknown): string {
  const known = executors.join(', ')
  if (executor === undefined) return `is missing; it must be one of ${known}`
  const text = typeof executor === 'string' ? executor : JSON.stringify(executor)
  const instead = K6_EXECUTORS.get(text)
  if (instead !== undefined) return `is k6's ${text}, which is not supported: ${instead}`
  return `must be one of ${known}, not ${text}`
}

/** Without objects and arrays, which could fill a page. */
const given = (input: unknown): string =>
  input === undefined || typeof input === 'object' ? '' : `, not ${JSON.stringify(input)}`

export function faultsOfIssue(issue: z.core.$ZodIssue, under: readonly PropertyKey[] = []): string[] {
  const path = [...under, ...issue.path]
  const where = path.length > 0 ? `${path.map(String).join('.')} ` : ''
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const instead = path[0] === 'scenarios' ? K6_OPTIONS.get(key) : undefined
      const name = [...path, key].map(String).join('.')
      return instead === undefined
        ? `${name} is unknown`
        : `${name}: k6's ${key} is not supported: ${instead}`
    })
  }
  if (issue.code === 'invalid_key') return issue.issues.map((fault) => `${where}${fault.message}`)
  if (issue.code === 'invalid_union') {
    // The alternative with the right type was meant.
    const meant = issue.errors.find((issues) => issues.every(({ path: within }) => within.length > 0))
    if (meant && meant.length > 0) return meant.flatMap((inner) => faultsOfIssue(inner, path))
  }
  return [`${where}${issue.message}${given(issue.input)}`]
}
