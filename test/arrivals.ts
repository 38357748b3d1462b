import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again and again, whatever is answered, without waiting for answers. The returned function ends it. */
export function arrive(perSecond: number, ask: (number: number) => Promise<Response>): () => Promise<void> {
  const closing = new AbortController()
  const sent = new Set<Promise<unknown>>()
  const send = async (number: number) => {
    const response = await ask(number)
    await response.body?.cancel()
  }
  const arriving = (async () => {
    for (let number = 0; !closing.signal.aborted; number++) {
      const answered = send(number).finally(() => sent.delete(answered))
      sent.add(answered)
      await sleep(1_000 / perSecond)
    }
  })()
  return async () => {
    closing.abort()
    await arriving
    await Promise.all(sent)
  }
}
