import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'
import { collectResponses } from './whole-responses.ts'

const KEEP_ALIVE_MS = 60_000

/**
 * Connects as kafkajs does, but gives it whole responses only. kafkajs 2.2.4 keeps what it has of a response when the
 * connection breaks, and reads it together with the first bytes of the next connection: all that follows is garbage, and
 * reading that can end the process.
 */
export const connectBroker: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect)
    : connectTcp({ host, port }, onConnect)
  socket.setKeepAlive(true, KEEP_ALIVE_MS)

  const collect = collectResponses()
  const listen = socket.on.bind(socket) as Listen
  const listenForWhole: Listen = (event, listener) => {
    if (event !== 'data') return listen(event, listener)
    return listen('data', (chunk) => {
      try {
        const responses = collect(chunk)
        if (responses) listener(responses)
      } catch (error) {
        socket.destroy(error as Error)
      }
    })
  }
  socket.on = listenForWhole as Socket['on']
  return socket
}

type Listen = (event: string, listener: (chunk: Buffer) => void) => Socket
