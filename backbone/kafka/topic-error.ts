export type TopicOperation =
  | 'Read'
  | 'Write'
  | 'Alter'
  | 'Describe'
  | 'Describe (or Create, where it is missing)'

/** A request about one topic failed; kafkajs's own error does not say which topic it was. */
export class TopicError extends Error {
  override readonly name = 'TopicError'
  readonly operation: TopicOperation
  readonly topic: string

  constructor(operation: TopicOperation, topic: string, cause: unknown) {
    super(`${operation} on ${topic}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.operation = operation
    this.topic = topic
  }
}
