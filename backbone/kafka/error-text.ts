/** An error in one line, with what it sums up: "Topic creation errors: DataTopic: …". */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const parts = 'errors' in error && Array.isArray(error.errors) ? error.errors : []
  const topic = 'topic' in error && typeof error.topic === 'string' ? error.topic : ''
  const text = error.message.includes(topic) ? error.message : `${topic}: ${error.message}`
  return [text, ...parts.map(errorText)].filter(Boolean).join('; ')
}
