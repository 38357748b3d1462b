import { baseKinds, type Outcome } from '../../../backbone/records/outcome.ts'

/** The part of an outcome (docs/asyncapi.yaml) that the judge checks; undefined if it is invalid. */
export function parseOutcome(text: string): Outcome | undefined {
  const value = parse(text)
  if (!value) return undefined
  const { eventId, receivedAt, checkout = null, source } = value
  // One shared string each, for any number of outcomes.
  const kind = baseKinds.find((known) => known === value.kind)
  const isPlaced = Number.isSafeInteger(source?.partition) && Number.isSafeInteger(source?.offset)
  if (typeof eventId !== 'string' || typeof receivedAt !== 'string' || !kind) return undefined
  if (!isPlaced || typeof checkout !== 'object') return undefined
  return { ...(value as Outcome), kind, checkout }
}

function parse(text: string): Partial<Outcome> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
