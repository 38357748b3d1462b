import type { Outcome } from '../backbone/outcome.ts'

const utf8 = new TextDecoder()

/** Reads an outcome back that was held to its schema when it was followed. */
export function parseOutcome(json: Uint8Array): Outcome {
  return JSON.parse(utf8.decode(json)) as Outcome
}
