import type { Random } from '../../../loadgen/shoppers/draws.ts'
import { createFrameReader } from './frame-reader.ts'
import { type HttpSocket, openHttpSocket } from './http-socket.ts'
import { createScissors } from './scissors.ts'
import { createSubscriberNotes } from './subscriber-notes.ts'

const LEAST_RETRY_MS = 200
const MOST_RETRY_MS = 2_000
// The server sends something at least every 15 s, such as a checkpoint.
const SILENCE_MS = 20_000

interface StreamOptions {
  gateways: readonly string[]
  subscriber: number
  random: Random
  cutEvery: { minMs: number; maxMs: number }
}

/**
 * Reads all notifications from the earliest on, cut repeatedly, and resumed at the next gateway each time.
 */
export function followStream({ gateways, subscriber, random, cutEvery }: StreamOptions) {
  const notes = createSubscriberNotes(subscriber)
  const scissors = createScissors(random, cutEvery)
  let at = subscriber
  let lastEventId = ''
  let failures = 0
  let stopped = false
  let connection: HttpSocket | undefined
  let reopening: NodeJS.Timeout | undefined

  function open() {
    const url = new URL(`${gateways[at % gateways.length]}/notifications/stream?from=earliest`)
    const resuming = lastEventId !== ''
    let streaming = false
    const frames = createFrameReader((frame) => {
      notes.frame(frame)
      lastEventId = frame.id ?? lastEventId
      failures = 0
    })
    const cut = () => {
      if (frames.isMidFrame()) notes.cutMidFrame()
      socket.close()
    }
    const socket = openHttpSocket(url, {
      head({ status }) {
        if (status !== 200) {
          socket.close()
          return
        }
        streaming = true
        if (resuming) notes.resumed()
        scissors.open(cut)
      },
      body(piece) {
        if (!streaming) return
        silence.refresh()
        const cutAt = scissors.cutsAt(piece)
        frames.read(cutAt === undefined ? piece : piece.subarray(0, cutAt))
        if (cutAt !== undefined) cut()
      },
      end: () => socket.close(),
      closed() {
        clearTimeout(silence)
        scissors.rest()
        if (stopped) return
        at++
        reopening = setTimeout(open, pauseBefore())
      },
    })
    const silence = setTimeout(() => socket.close(), SILENCE_MS)
    const lastId = resuming ? `last-event-id: ${lastEventId}\r\n` : ''
    socket.send(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\naccept: text/event-stream\r\n${lastId}\r\n`,
    )
    connection = socket
  }

  /** No pause after a stream that delivered something. */
  function pauseBefore(): number {
    const ceiling = Math.min(LEAST_RETRY_MS * 2 ** failures, MOST_RETRY_MS)
    return failures++ === 0 ? 0 : LEAST_RETRY_MS + random() * (ceiling - LEAST_RETRY_MS)
  }

  open()

  return {
    seen: notes.seen,
    quiet: scissors.quiet,
    stop() {
      stopped = true
      clearTimeout(reopening)
      connection?.close()
      return notes.toLog()
    },
  }
}
