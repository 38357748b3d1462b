import type { Treat } from './treatment.ts'

// Limit of the data in flight in one direction. More is not read, so that memory stays bounded.
const WINDOW_BYTES = 1024 * 1024

/** Delays everything, in order, including the end of the stream. */
export const delay =
  (ms: number): Treat =>
  (outlet) => {
    const onTheWay: { dueAt: number; bytes: number; arrive: () => void }[] = []
    let bytesOnTheWay = 0
    let isFull = false
    let timer: ReturnType<typeof setTimeout> | undefined

    function send(bytes: number, arrive: () => void): void {
      onTheWay.push({ dueAt: performance.now() + ms, bytes, arrive })
      bytesOnTheWay += bytes
      timer ??= setTimeout(arriveInTime, ms)
      if (isFull || bytesOnTheWay < WINDOW_BYTES) return
      isFull = true
      outlet.hold(true)
    }

    function arriveUntil(time: number): void {
      while (onTheWay[0] && onTheWay[0].dueAt <= time) {
        const { bytes, arrive } = onTheWay[0]
        onTheWay.shift()
        bytesOnTheWay -= bytes
        arrive()
      }
      if (!isFull || bytesOnTheWay >= WINDOW_BYTES) return
      isFull = false
      outlet.hold(false)
    }

    function arriveInTime(): void {
      const now = performance.now()
      arriveUntil(now)
      const [next] = onTheWay
      timer = next && setTimeout(arriveInTime, Math.max(1, next.dueAt - now))
    }

    return {
      data: (chunk) => send(chunk.length, () => outlet.data(chunk)),
      end: () => send(0, outlet.end),
      reset: () => send(0, outlet.reset),
      lift() {
        clearTimeout(timer)
        arriveUntil(Number.POSITIVE_INFINITY)
        return true
      },
    }
  }
