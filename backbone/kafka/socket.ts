import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'
import { watchAnswers } from './request-timeout.ts'
import { collectResponses } from './response-framing.ts'

const KEEP_ALIVE_MS = 60_000

/**
 * Connects as kafkajs does, and guards it against two things that kafkajs 2.2.4 does not see.
 *
 * It gets whole responses only: what it has of one when the connection breaks it would read together with the first bytes
 * of the next connection, and all that follows would be garbage, which can end the process.
 *
 * A broker that owes an answer for too long is hung up on. By itself kafkajs gives up the one request, keeps the
 * connection, and asks the same broker again, however long it has been replaced; a closed connection makes it ask who
 * leads now.
 */
export const connectBroker: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect)
    : connectTcp({ host, port }, onConnect)
  socket.setKeepAlive(true, KEEP_ALIVE_MS)

  const owed = watchAnswers(() => socket.destroy())
  socket.once('close', () => owed.stop())

  const write = socket.write.bind(socket) as Write
  const writeAndWait: Write = (request, ...rest) => {
    owed.asked(request)
    return write(request, ...rest)
  }
  socket.write = writeAndWait

  const collect = collectResponses()
  const listen = socket.on.bind(socket) as Listen
  const listenToKafka: Listen = (event, listener) => {
    if (event === 'end') return listenForEnd(listen, listener)
    if (event !== 'data') return listen(event, listener)
    return listen('data', (chunk) => {
      try {
        const responses = collect(chunk)
        owed.answered(responses.length)
        for (const response of responses) listener(response)
      } catch (error) {
        socket.destroy(error as Error)
      }
    })
  }
  socket.on = listenToKafka as Socket['on']
  return socket
}

/** kafkajs listens to no "close", which is all that follows when this side hangs up. */
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
