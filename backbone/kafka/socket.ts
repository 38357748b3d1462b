import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'
import { watchRequestTimeout } from './request-timeout.ts'
import { collectResponses } from './response-framing.ts'

const KEEP_ALIVE_MS = 60_000

/**
 * Connects as kafkajs does, and guards the connection against two defects of kafkajs 2.2.4.
 *
 * kafkajs gets whole responses only. When a connection breaks in the middle of a response, it would read the first part
 * together with the first bytes of the next connection. The result is garbage, which can end the process.
 *
 * The connection is closed when a response takes too long. By itself kafkajs gives up the one request, keeps the connection
 * and asks the same broker again, even if another one leads now. After a closed connection it asks for the leader.
 */
export const connectBroker: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect)
    : connectTcp({ host, port }, onConnect)
  socket.setKeepAlive(true, KEEP_ALIVE_MS)

  // kafkajs does this at each disconnect. A closed socket adds a listener each time, and after ten the runtime warns of a leak.
  const unref = socket.unref.bind(socket)
  let isUnref = false
  socket.unref = () => {
    if (!isUnref) unref()
    isUnref = true
    return socket
  }

  const requestTimeout = watchRequestTimeout(() => socket.destroy())
  socket.once('close', () => requestTimeout.stop())

  const write = socket.write.bind(socket) as Write
  const writeTimed: Write = (request, ...rest) => {
    requestTimeout.sent(request)
    return write(request, ...rest)
  }
  socket.write = writeTimed

  const collect = collectResponses()
  const listen = socket.on.bind(socket) as Listen
  const listenToKafka: Listen = (event, listener) => {
    if (event === 'end') return listenForEnd(listen, listener)
    if (event !== 'data') return listen(event, listener)
    return listen('data', (chunk) => {
      try {
        const responses = collect(chunk)
        requestTimeout.received(responses.length)
        for (const response of responses) listener(response)
      } catch (error) {
        socket.destroy(error as Error)
      }
    })
  }
  socket.on = listenToKafka as Socket['on']
  return socket
}

/** kafkajs does not listen to "close", the only event when this side closes the connection. */
function listenForEnd(listen: Listen, listener: (chunk: Buffer) => void): Socket {
  let isOver = false
  const end: typeof listener = (chunk) => {
    if (!isOver) listener(chunk)
    isOver = true
  }
  listen('end', end)
  listen('error', () => {
    isOver = true
  })
  return listen('close', end)
}

type Listen = (event: string, listener: (chunk: Buffer) => void) => Socket
type Write = (request: Buffer, ...rest: unknown[]) => boolean
