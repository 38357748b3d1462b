import { once } from 'node:events'
import { connect } from 'node:net'

export interface RawAnswer {
  status: number
  headers: Map<string, string>
  body: string
}

/** One kept connection, for requests that fetch would not send; each answer must have a length. */
export async function openConnection(port: number) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let received = ''
  let waiting: PromiseWithResolvers<RawAnswer> | undefined

  socket.on('data', (data) => {
    received += data.toString('latin1')
    const answer = parse(received)
    if (!answer) return
    received = ''
    waiting?.resolve(answer)
    waiting = undefined
  })
  // The close event that follows has the reason.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    waiting?.reject(new Error(`the connection was closed after ${JSON.stringify(received)}`))
  })

  return {
    close: () => socket.destroy(),
    ask(...parts: (string | Uint8Array)[]): Promise<RawAnswer> {
      waiting = Promise.withResolvers<RawAnswer>()
      for (const part of parts) socket.write(part)
      return waiting.promise
    },
  }
}

function parse(text: string): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const body = text.slice(end + 4)
  if (body.length < Number(headers.get('content-length'))) return undefined
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    body: Buffer.from(body, 'latin1').toString(),
  }
}
