import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'

const requests: [route: string, status: number, headers: string, body?: string][] = [
  ['GET /health/live', 200, ''],
  ['HEAD /health/live', 200, ''],
  ['GET /nothing', 404, ''],
  ['DELETE /checkout', 405, ''],
  ['OPTIONS /checkout', 204, ''],
  ['POST /checkout', 415, 'Content-Length: 2\r\n', '{{'],
  ['POST /checkout/batch', 400, 'Content-Type: application/json\r\nContent-Length: 2\r\n', '{{'],
  ['POST /checkout', 413, 'Content-Type: application/json\r\nContent-Length: 1000000000\r\n'],
  ['GET /notifications', 200, ''],
  ['HEAD /notifications', 200, ''],
  ['GET /notifications/stream', 200, ''],
  ['GET /checkout/e1', 404, ''],
]

/** Status line and headers of an answer, as sent. */
async function headOf(port: number, request: string): Promise<string[]> {
  const socket = connect(port, '127.0.0.1')
  try {
    let head = ''
    socket.write(Buffer.from(request, 'latin1'))
    while (!head.includes('\r\n\r\n')) head += String(await once(socket, 'data'))
    return head.slice(0, head.indexOf('\r\n\r\n')).split('\r\n')
  } finally {
    socket.destroy()
  }
}

/** Tests that every answer of a gateway has its request's id exactly once. */
export function identifiesRequests(port: () => number): void {
  async function idsOf(route: string, status: number, rest: string): Promise<string[]> {
    const [line, ...fields] = await headOf(port(), `${route} HTTP/1.1\r\nHost: localhost\r\n${rest}`)
    expect(line?.split(' ').slice(0, 2)).toEqual(['HTTP/1.1', String(status)])
    return fields.flatMap((field) => /^x-request-id: (.*)$/i.exec(field)?.[1] ?? [])
  }

  test.each(requests)('%s, %i, has the id of its request', async (route, status, headers, body = '') => {
    const id = 'proxy-1:7F00#2'
    expect(await idsOf(route, status, `${headers}X-Request-Id: ${id}\r\n\r\n${body}`)).toEqual([id])
  })

  test.each([
    ['no id', ''],
    ['an empty id', 'X-Request-Id: \r\n'],
    ['two ids', 'X-Request-Id: a\r\nX-Request-Id: b\r\n'],
    ['an id that is too long', `X-Request-Id: ${'a'.repeat(129)}\r\n`],
    ['an id with a space', 'X-Request-Id: a b\r\n'],
    ['an id with non-ASCII characters', 'X-Request-Id: \u00e9\r\n'],
  ])('%s is replaced by a new id', async (_, header) => {
    const ids = await idsOf('GET /health/live', 200, `${header}\r\n`)
    expect(ids).toEqual([expect.stringMatching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/)])
  })
}
