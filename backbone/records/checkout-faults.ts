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
  if (isField(issue.path) && isEmpty && !isOptional(schema, issue.path))
    return { code: 'missing', detail: 'is missing' }
  return { code: codeOf(issue, value), detail: issue.message }
}

/** An element of a list has a place, not a name that could be missing. */
const isField = (path: Issue['path']): boolean => typeof path.at(-1) === 'string'

function isOptional(schema: z.ZodType, path: Issue['path']): boolean {
  const field = path.reduce<unknown>(schemaAt, schema)
  return field instanceof z.ZodOptional || field instanceof z.ZodNullable
}

function schemaAt(parent: unknown, key: PropertyKey): unknown {
  if (parent instanceof z.ZodOptional || parent instanceof z.ZodNullable)
    return schemaAt(parent.unwrap(), key)
  if (parent instanceof z.ZodArray) return parent.element
  return parent instanceof z.ZodObject ? parent.shape[key as string] : undefined
}

function codeOf(issue: Issue, value: unknown): FaultCode {
  if (issue.code === 'invalid_type')
    // A JSON number that JavaScript cannot represent, such as 1e400, is still a number.
    return issue.expected === 'number' && (value === Infinity || value === -Infinity) ? 'range' : 'type'
  if (issue.code === 'invalid_format')
    return 'pattern' in issue && limitsOf(issue.pattern) ? 'length' : 'format'
  return typeof value === 'string' || Array.isArray(value) ? 'length' : 'range'
}
