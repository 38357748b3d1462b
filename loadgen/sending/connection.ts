import { connect as connectTcp, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { HTTPParser } from 'http-parser-js'
import { RequestError } from './request-error.ts'

export interface Answer {
  status: number
  body: string
  /** The header as it came. */
  retryAfter: string | undefined
  /** Of the whole answer, head included. */
  bytes: number
}

export interface Connection {
  /** Resolves when it is open; rejects with a {@link RequestError}. */
  opened: Promise<void>
  /** One at a time. Rejects with a {@link RequestError}; the connection is then closed. */
  exchange: (request: Uint8Array) => Promise<Answer>
  /** Whether another request may be sent over it. */
  reusable: () => boolean
  close: (reason?: RequestError) => void
}

export function openConnection({ protocol, hostname, port }: URL): Connection {
  const secure = protocol === 'https:'
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const address = { host, port: Number(port) || (secure ? 443 : 80) }
  const socket = secure
    ? connectTls({ ...address, servername: isIP(host) === 0 ? host : '' })
    : connectTcp(address)
  socket.setNoDelay(true)

  const opening = Promise.withResolvers<void>()
  let waiting: PromiseWithResolvers<Answer> | undefined
  let status = 0
  let keepAlive = true
  let body: Buffer[] = []
  let retryAfter: string | undefined
  let bytes = 0

  const parser = new HTTPParser(HTTPParser.RESPONSE)
  parser[HTTPParser.kOnHeadersComplete] = (head) => {
    status = head.statusCode
    keepAlive = head.shouldKeepAlive
    retryAfter = headerOf(head.headers, 'retry-after')
    body = []
  }
  parser[HTTPParser.kOnBody] = (chunk, offset, length) => {
    body.push(chunk.subarray(offset, offset + length))
  }
  parser[HTTPParser.kOnMessageComplete] = () => {
    const interim = status < 200
    if (interim) return
    const answered = waiting
    waiting = undefined
    answered?.resolve({ status, body: Buffer.concat(body).toString(), retryAfter, bytes })
  }

  function close(reason = new RequestError('connection closed')) {
    keepAlive = false
    socket.destroy()
    opening.reject(reason)
    reason.bytesReceived = bytes
    waiting?.reject(reason)
    waiting = undefined
  }

  socket.once(secure ? 'secureConnect' : 'connect', opening.resolve)
  socket.on('data', (data: Buffer) => {
    bytes += data.length
    if (!waiting || parser.execute(data) instanceof Error) close(new RequestError('malformed answer'))
  })
  // Without a length, the end of the connection is the end of the body.
  socket.once('end', () => parser.finish())
  socket.once('error', (error) => close(RequestError.from(error)))
  socket.once('close', () => close())
  opening.promise.catch(() => undefined)

  return {
    opened: opening.promise,
    exchange(request) {
      waiting = Promise.withResolvers()
      bytes = 0
      // Data after the last answer belongs to no request.
      parser.initialize(HTTPParser.RESPONSE)
      socket.write(request)
      return waiting.promise
    },
    reusable: () => keepAlive && waiting === undefined,
    close,
  }
}

/** `headers` has names and values in turn, as they came. */
function headerOf(headers: readonly string[], name: string): string | undefined {
  const index = headers.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name)
  return index < 0 ? undefined : headers[index + 1]
}
