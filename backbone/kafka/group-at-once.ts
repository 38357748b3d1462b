/**
 * Messages for kafkajs 2.2.4, which groups those of a send by partition with a call of their `reduce`, and copies the group
 * again for each message: of some thousand, more work than to encode them. These give all groups at once instead.
 */
export function groupAtOnce<Message extends { partition: number }>(messages: Message[]): Message[] {
  const reduce = () => Object.groupBy(messages, ({ partition }) => partition)
  return Object.defineProperty(messages, 'reduce', { value: reduce })
}
