import { connect, type Socket } from 'node:net'

/** Opens an event stream on its own connection; the caller reads the data. */
export function openStream(port: number, query = ''): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.write(
    `GET /notifications/stream${query} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n\r\n`,
  )
  return socket
}
