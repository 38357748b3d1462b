import type { Outcome } from '../../../backbone/records/outcome.ts'
import { request } from './request.ts'

interface Follower {
  onOutcome: (outcome: Outcome) => void
  /** Outcomes before the position are no longer kept. */
  onGap: () => void
  onConnection: (isConnected: boolean) => void
}

const RETRY_MS = 2_000

/**
 * Follows the notifications that match a query, from a cursor on, without missing or repeating any. The browser
 * reconnects a lost stream itself; one that was refused is opened again from the last position. Returns a function
 * that ends it.
 */
export function followNotifications(
  query: URLSearchParams,
  start: string | undefined,
  { onOutcome, onGap, onConnection }: Follower,
): () => void {
  let cursor = start
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let isEnded = false

  function open(): void {
    const parameters = new URLSearchParams(query)
    if (cursor !== undefined) parameters.set('cursor', cursor)
    const stream = new EventSource(`/notifications/stream?${parameters}`)
    source = stream
    const on = (event: string, handle: (data: string) => void) =>
      stream.addEventListener(event, ({ data, lastEventId }: MessageEvent<string>) => {
        cursor = lastEventId
        handle(data)
      })
    on('notification', (data) => onOutcome(JSON.parse(data) as Outcome))
    on('gap', onGap)
    on('checkpoint', () => undefined)
    stream.addEventListener('open', () => onConnection(true))
    stream.addEventListener('error', () => {
      onConnection(false)
      if (stream.readyState === EventSource.CLOSED) void reopen()
    })
  }

  /** An ended session reloads the page: EventSource does not tell why it was refused. */
  async function reopen(): Promise<void> {
    await request('/notifications?limit=1').catch(() => undefined)
    if (!isEnded) timer = setTimeout(open, RETRY_MS * (1 + Math.random()))
  }

  open()
  return () => {
    isEnded = true
    clearTimeout(timer)
    source?.close()
  }
}
