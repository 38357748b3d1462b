import type { Socket } from 'node:net'
import type { Outlet, Treat, Treatment } from './treatment.ts'

/** One direction of a connection. */
export function createPipe(source: Socket, sink: Socket) {
  let treatment: Treatment | undefined
  let bytes = 0
  let sinkIsFull = false
  let isHeld = false
  let hasEnded = false
  let isClosed = false

  function adjustFlow(): void {
    if (sinkIsFull || isHeld) source.pause()
    else source.resume()
  }

  const outlet: Outlet = {
    data(chunk) {
      if (!sink.writable) return
      bytes += chunk.length
      if (sink.write(chunk)) return
      sinkIsFull = true
      adjustFlow()
    },
    end: () => sink.end(),
    reset: () => sink.resetAndDestroy(),
    close() {
      isClosed = true
      sink.destroySoon()
      source.resetAndDestroy()
    },
    hold(on) {
      isHeld = on
      adjustFlow()
    },
  }

  source.on('data', (chunk: Buffer) => (treatment ?? outlet).data(chunk))
  source.on('end', () => {
    hasEnded = true
    ;(treatment ?? outlet).end()
  })
  // The close event that follows has the same meaning.
  source.on('error', () => undefined)
  source.on('close', (hadError) => {
    // After our own close, the reset of the other side must not discard data that the sink still has to read.
    if (!isClosed && (hadError || !hasEnded)) (treatment ?? outlet).reset()
  })
  sink.on('drain', () => {
    sinkIsFull = false
    adjustFlow()
  })

  return {
    treat(begin: Treat): void {
      treatment = begin(outlet)
    },
    /** Ends the treatment. False if the stream has lost data. */
    restore(): boolean {
      const intact = treatment?.lift() ?? true
      treatment = undefined
      return intact
    },
    bytes: () => bytes,
  }
}
