import type { z } from 'zod'
import { NAME } from './checkout.ts'
import { type Fault, type FaultCode, jsonPointer } from './fault.ts'

type Issue = z.core.$ZodIssue

/**
 * The faults of a checkout, one for each field, as all answers and records report them: our codes with the
 * texts of the schema.
 */
export function faultsOf(issues: readonly Issue[], checkout: unknown): Fault[] {
  const byPointer = new Map<string, Fault>()
  for (const issue of issues) {
    const pointer = jsonPointer(issue.path)
    if (!byPointer.has(pointer)) byPointer.set(pointer, { pointer, ...faultOf(issue, checkout) })
  }
  return [...byPointer.values()]
}

function faultOf(issue: Issue, checkout: unknown): Pick<Fault, 'code' | 'detail'> {
  const value = issue.path.reduce<unknown>(
    (parent, key) => (parent as Record<PropertyKey, unknown>)[key],
    checkout,
  )
  if (issue.path.length > 0 && (value === undefined || value === null || value === ''))
    return { code: 'missing', detail: 'is missing' }
  return { code: codeOf(issue, value), detail: issue.message }
}

function codeOf(issue: Issue, value: unknown): FaultCode {
  if (issue.code === 'invalid_type')
    // A JSON number that JavaScript cannot represent, such as 1e400, is still a number.
    return issue.expected === 'number' && (value === Infinity || value === -Infinity) ? 'range' : 'type'
  if (issue.code === 'invalid_format')
    return 'pattern' in issue && issue.pattern === String(NAME) ? 'length' : 'format'
  return typeof value === 'string' ? 'length' : 'range'
}
