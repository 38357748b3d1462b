import { addDeliveries } from '../../backbone/timeline/deliveries.ts'
import type { Timeline } from '../../backbone/timeline/timeline.ts'
import type { AskDeliveries } from './ask-deliveries.ts'

/**
 * The timeline of one processor with the deliveries of all. The answer begins immediately, as that of the processor
 * does: what is in flight is limited.
 */
export function completeTimeline(answer: Response, deliveries: () => ReturnType<AskDeliveries>): Response {
  const { status, body } = answer
  if (status !== 200 || body === null) return answer
  const reader = body.getReader()
  const headers = new Headers(answer.headers)
  headers.delete('content-length')
  const completed = new ReadableStream<Uint8Array>({
    async start(controller) {
      const [timeline, asked] = await Promise.all([readTimeline(reader), deliveries()])
      controller.enqueue(Buffer.from(JSON.stringify(withDeliveries(timeline, asked))))
      controller.close()
    },
    cancel: (reason) => reader.cancel(reason),
  })
  return new Response(completed, { status, headers })
}

async function readTimeline(
  reader: Pick<ReadableStreamDefaultReader<Uint8Array>, 'read'>,
): Promise<Timeline> {
  const read: Uint8Array[] = []
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) read.push(piece.value)
  return JSON.parse(Buffer.concat(read).toString()) as Timeline
}

function withDeliveries(timeline: Timeline, asked: Awaited<ReturnType<AskDeliveries>>): Timeline {
  if (timeline.outcome === undefined) return timeline
  return addDeliveries(timeline, { classifiedAt: timeline.outcome.classifiedAt, ...asked })
}
