import { z } from 'zod'
import { type Fault, type FaultCode, jsonPointer } from './fault.ts'
import { limitsOf } from './limited-text.ts'

type Issue = z.core.$ZodIssue

/**
 * The faults of a checkout, one for each field, as all answers and records report them: our codes with the
 * texts of the schema.
 */
export function faultsOf(schema: z.ZodType, issues: readonly Issue[], checkout: unknown): Fault[] {
  const byPointer = new Map<string, Fault>()
  for (const issue of issues) {
    const pointer = jsonPointer(issue.path)
    if (!byPointer.has(pointer)) byPointer.set(pointer, { pointer, ...faultOf(schema, issue, checkout) })
  }
  return [...byPointer.values()]
}

function faultOf(schema: z.ZodType, issue: Issue, checkout: unknown): Pick<Fault, 'code' | 'detail'> {
  const value = issue.path.reduce<unknown>(
    (parent, key) => (parent as Record<PropertyKey, unknown>)[key],
    checkout,
  )
  const isEmpty = value === undefined || value === null || value === ''
  if (issue.path.length > 0 && isEmpty && !isOptional(schema, issue.path))
    return { code: 'missing', detail: 'is missing' }
  return { code: codeOf(issue, value), detail: issue.message }
}

function isOptional(schema: z.ZodType, path: Issue['path']): boolean {
  const field = path.reduce<unknown>(
    (parent, key) => (parent instanceof z.ZodObject ? parent.shape[key as string] : undefined),
    schema,
  )
  return field instanceof z.ZodOptional || field instanceof z.ZodNullable
}

function codeOf(issue: Issue, value: unknown): FaultCode {
  if (issue.code === 'invalid_type')
    // A JSON number that JavaScript cannot represent, such as 1e400, is still a number.
    return issue.expected === 'number' && (value === Infinity || value === -Infinity) ? 'range' : 'type'
  if (issue.code === 'invalid_format')
    return 'pattern' in issue && limitsOf(issue.pattern) ? 'length' : 'format'
  return typeof value === 'string' ? 'length' : 'range'
}
