import { connect } from 'node:net'
import { HTTPParser } from 'http-parser-js'
import { RequestError } from '../../../loadgen/sending/request-error.ts'

export interface AnswerHead {
  status: number
  keepAlive: boolean
  header: (name: string) => string | undefined
}

interface Receiver {
  head: (head: AnswerHead) => void
  body: (piece: Buffer) => void
  /** The answer is complete. */
  end: () => void
  /** Called once, as the last callback. */
  closed: (reason: RequestError) => void
}

export interface HttpSocket {
  /** One request at a time. */
  send: (request: string) => void
  /** Bytes of the answer so far. */
  received: () => number
  close: (reason?: RequestError) => void
}

/**
 * One connection that reports everything as it happened: cuts, refusals and answers. The client of the load
 * generator reports less, and only complete answers, which a stream never is.
 */
export function openHttpSocket({ hostname, port }: URL, receiver: Receiver): HttpSocket {
  const socket = connect({ host: hostname, port: Number(port) })
  socket.setNoDelay(true)
  const parser = new HTTPParser(HTTPParser.RESPONSE)
  let asked = false
  let interim = false
  let closed = false
  let received = 0

  parser[HTTPParser.kOnHeadersComplete] = ({ statusCode, shouldKeepAlive, headers }) => {
    interim = statusCode < 200
    if (interim || closed) return
    const header = (name: string) => headerOf(headers, name)
    receiver.head({ status: statusCode, keepAlive: shouldKeepAlive, header })
  }
  parser[HTTPParser.kOnBody] = (bytes, offset, length) => {
    if (!closed) receiver.body(bytes.subarray(offset, offset + length))
  }
  parser[HTTPParser.kOnMessageComplete] = () => {
    if (interim || closed) return
    asked = false
    receiver.end()
  }

  function close(reason = new RequestError('connection closed')) {
    if (closed) return
    closed = true
    socket.destroy()
    receiver.closed(reason)
  }

  socket.on('data', (bytes: Buffer) => {
    received += bytes.length
    if (!asked || parser.execute(bytes) instanceof Error) close(new RequestError('malformed answer'))
  })
  // Without a length, the end of the connection is the end of the body.
  socket.once('end', () => parser.finish())
  socket.once('error', (error) => close(RequestError.from(error)))
  socket.once('close', () => close())

  return {
    send(request) {
      asked = true
      received = 0
      // Data after the last answer belongs to no request.
      parser.initialize(HTTPParser.RESPONSE)
      socket.write(request)
    },
    received: () => received,
    close,
  }
}

/** `headers` contains names and values alternately, as received. */
function headerOf(headers: readonly string[], name: string): string | undefined {
  const index = headers.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name)
  return index < 0 ? undefined : headers[index + 1]
}
