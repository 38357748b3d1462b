import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

interface Cut {
  afterBytes: number
  /**
   * `end` ends the answer as HTTP does; `break` closes the connection in the middle of it, `reset` resets it.
   */
  how: 'break' | 'reset' | 'end'
}

interface SentFrame {
  event: string | undefined
  id: string | undefined
}

const LAST_CHUNK = '0\r\n\r\n'

/**
 * Forwards the event streams of one client from `target`, records the positions on both sides, and cuts
 * connections on command.
 */
export async function startCuttingProxy(target: () => string) {
  const requested: (string | undefined)[] = []
  const sent: SentFrame[] = []
  const cuts: Cut[] = []
  const open = new Set<() => void>()
  let released = Promise.resolve()
  let release = () => {}

  async function serve(socket: Socket) {
    const { url, lastEventId } = readHead(await firstBytes(socket), target())
    requested.push(lastEventId ?? url.searchParams.get('lastEventId') ?? undefined)
    await released

    const upstream = new AbortController()
    const end = () => {
      open.delete(end)
      upstream.abort()
      socket.end(LAST_CHUNK)
    }
    socket.on('close', () => {
      open.delete(end)
      upstream.abort()
    })
    const response = await fetch(url, {
      headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
      signal: upstream.signal,
    })
    open.add(end)
    const type = response.headers.get('content-type')
    socket.write(
      `HTTP/1.1 ${response.status} -\r\ncontent-type: ${type}\r\naccess-control-allow-origin: *\r\ntransfer-encoding: chunked\r\n\r\n`,
    )

    const cut = cuts.shift()
    const note = noteFrames((frame) => sent.push(frame))
    let left = cut?.afterBytes ?? Number.POSITIVE_INFINITY
    for await (const bytes of response.body ?? []) {
      const chunk = Buffer.from(bytes)
      const cutAt = cut && placeToCut(chunk, left, cut.how)
      const piece = chunk.subarray(0, cutAt)
      left -= chunk.length
      note(piece.toString())
      socket.write(
        Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]),
      )
      if (cutAt === undefined) continue
      if (cut?.how === 'end') end()
      if (cut?.how === 'break') socket.end()
      if (cut?.how === 'reset') socket.resetAndDestroy()
      return
    }
    socket.end()
  }

  const server = createServer((socket) => {
    socket.on('error', () => {})
    // The gateway is down, or the client has disconnected.
    serve(socket).catch(() => socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('it does not listen')

  return {
    url: `http://127.0.0.1:${address.port}`,
    /** The positions of the client's requests, in order; undefined where it sent none. */
    requested,
    /** All frames that were forwarded completely. */
    sent,
    isOpen: () => open.size > 0,
    /** Ends open streams, and does not answer the returning client until `release`. */
    endAndHold() {
      const held = Promise.withResolvers<void>()
      released = held.promise
      release = held.resolve
      for (const end of open) end()
    },
    release: () => release(),
    /** For the next connections, one each. */
    cutNext: (...next: Cut[]) => cuts.push(...next),
    cutsLeft: () => cuts.length,
    close: () => server.close(),
  }
}

async function firstBytes(socket: Socket): Promise<string> {
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  return bytes.toString()
}

function readHead(head: string, target: string) {
  const path = /^GET (\S+) /.exec(head)?.[1] ?? ''
  return { url: new URL(path, target), lastEventId: /^last-event-id: (.*)\r$/im.exec(head)?.[1] }
}

function noteFrames(onFrame: (frame: SentFrame) => void) {
  let rest = ''
  return (text: string) => {
    const frames = (rest + text).split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) {
      onFrame({ event: /^event: (.*)$/m.exec(frame)?.[1], id: /^id: (.*)$/m.exec(frame)?.[1] })
    }
  }
}

/** Undefined when it is not within this chunk. */
function placeToCut(chunk: Buffer, afterBytes: number, how: Cut['how']): number | undefined {
  if (afterBytes > chunk.length) return undefined
  const at = Math.max(1, afterBytes)
  if (how === 'end') {
    // As a server ends a stream: after a complete frame.
    const frameEnd = chunk.indexOf('\n\n', at - 1)
    return frameEnd < 0 ? undefined : frameEnd + 2
  }
  // Not between the line of an id and the following empty line: `@microsoft/fetch-event-source` stores an id
  // when it has read its line, and no order of lines can avoid that.
  const endsWithId = /\nid: .*\n$/.test(chunk.toString('latin1', 0, at))
  return endsWithId ? at - 1 : at
}
