import { readThresholds } from '../figures/planned-thresholds.ts'
import { type CheckedLoad, loadDefinitionSchema, thresholdListSchema } from '../load-definition.ts'
import { faultsOfIssue, wordsOfIssue } from './schema-faults.ts'

/** Returns all faults if the value is not a valid load. */
export function checkLoad(value: unknown): CheckedLoad | string[] {
  const { data, error } = loadDefinitionSchema.safeParse(value, { error: wordsOfIssue, reportInput: true })
  return data ?? [...error.issues.flatMap((issue) => faultsOfIssue(issue)), ...faultsOfThresholds(value)]
}

/** What can be told of them already, so that it need not wait until all else is right. */
function faultsOfThresholds(load: unknown): string[] {
  const { thresholds } = Object(load) as { thresholds?: unknown }
  const readable = Object.entries(Object(thresholds) as object).flatMap(([metric, list]) => {
    const { data } = thresholdListSchema.safeParse(list)
    return data ? [[metric, data] as const] : []
  })
  return readThresholds(Object.fromEntries(readable)).faults
}
