/**
 * Whether an error has one of these names of Kafka's as its `type`, also where kafkajs has wrapped it after its last
 * attempt. By the field, not the class: Node and Deno find no error class among kafkajs's named exports.
 */
export function hasErrorType(error: unknown, types: ReadonlySet<unknown>): boolean {
  if (typeof error !== 'object' || error === null) return false
  if ('type' in error && types.has(error.type)) return true
  return 'cause' in error && hasErrorType(error.cause, types)
}

/** Whether Kafka answered, and would answer the same to another attempt: a record is larger than the topic allows. */
export function isFinalAnswer(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  if ('type' in error && 'retriable' in error) return error.retriable === false
  return 'cause' in error && isFinalAnswer(error.cause)
}
