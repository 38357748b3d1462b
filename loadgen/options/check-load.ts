import { readThresholds } from '../figures/planned-thresholds.ts'
import { type CheckedLoad, loadDefinitionSchema, thresholdListSchema } from '../load-definition.ts'
import { faultsOfIssue, wordsOfIssue } from './schema-faults.ts'

/** Returns all faults if the value is not a valid load. */
export function checkLoad(value: unknown): CheckedLoad | string[] {
  const { data, error } = loadDefinitionSchema.safeParse(value, { error: wordsOfIssue, reportInput: true })
  return data ?? [...error.issues.flatMap((issue) => faultsOfIssue(issue)), ...faultsOfThresholds(value)]
}

/** Checks the thresholds of an invalid load, too, so that all faults are reported at once. */
function faultsOfThresholds(load: unknown): string[] {
  const { thresholds } = Object(load) as { thresholds?: unknown }
  const readable = Object.entries(Object(thresholds) as object).flatMap(([metric, list]) => {
    const { data } = thresholdListSchema.safeParse(list)
    return data ? [[metric, data] as const] : []
  })
  return readThresholds(Object.fromEntries(readable)).faults
}
