import type { OperationsHistory, OperationsTick } from '../../../../backbone/operations/system-state.ts'
import { requestJson } from '../../../pages/browser/request.ts'

interface Viewer {
  /** At the first connection and after each interruption. */
  onHistory: (history: OperationsHistory) => void
  /** Once a second. */
  onTick: (tick: OperationsTick) => void
  /** Once a second while no tick arrives: seconds since the last one, or since the start if there was none. */
  onSilence: (seconds: number, hasFigures: boolean) => void
}

const LATE_MS = 3_000
const RETRY_MS = 2_000
/** A connection that has been silent for as long is replaced: its other end may be frozen. */
const DEAD_MS = 10_000

/** Follows GET /operations/stream for as long as the page is open, and connects again after every interruption. */
export function followSystem({ onHistory, onTick, onSilence }: Viewer): void {
  let source: EventSource
  let lastTick = performance.now()
  let connectedAt = lastTick
  let hasFigures = false

  function connect(): void {
    connectedAt = performance.now()
    source = new EventSource('/operations/stream')
    source.addEventListener('history', ({ data }) =>
      onHistory(JSON.parse(data as string) as OperationsHistory),
    )
    source.addEventListener('state', ({ data }) => {
      lastTick = performance.now()
      hasFigures = true
      onTick(JSON.parse(data as string) as OperationsTick)
    })
    source.addEventListener('error', () => {
      // Browsers connect again after an interruption, but not after an answer that is no stream.
      if (source.readyState === EventSource.CLOSED) void connectLater()
    })
  }

  async function connectLater(): Promise<void> {
    // Only an answer to fetch says whether the session has ended.
    await requestJson('/operations').catch(() => undefined)
    setTimeout(connect, RETRY_MS)
  }

  connect()
  setInterval(() => {
    const now = performance.now()
    if (now - lastTick < LATE_MS) return
    onSilence((now - lastTick) / 1_000, hasFigures)
    if (source.readyState === EventSource.CLOSED || now - Math.max(lastTick, connectedAt) < DEAD_MS) return
    source.close()
    connect()
  }, 1_000)
}
