import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'

const HEAD = 'POST /checkout HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
/** Must not be read as a separate request. */
const HIDDEN = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'
const chunked = (chunks: string) => `${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunks}${HIDDEN}`
const lengths = (...headers: string[]) => `${HEAD}${headers.join('\r\n')}\r\n\r\n{}${HIDDEN}`

/** Requests whose end two programs in a row could see at different positions (RFC 9112, section 11.2). */
const ambiguous: [string, string][] = [
  ['a length and chunks', `${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`],
  [
    'a length that hides a request, and chunks',
    `${HEAD}Content-Length: ${5 + HIDDEN.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  ['two lengths', lengths('Content-Length: 2', `Content-Length: ${2 + HIDDEN.length}`)],
  ['a list of lengths', lengths(`Content-Length: 2, ${2 + HIDDEN.length}`)],
  ['a length with a sign', lengths('Content-Length: +2')],
  ['a negative length', lengths('Content-Length: -2')],
  ['a hexadecimal length', lengths('Content-Length: 0x2')],
  ['a length that no integer holds', lengths('Content-Length: 99999999999999999999')],
  ['a coding that is none', `${HEAD}Transfer-Encoding: identity\r\n\r\n${HIDDEN}`],
  ['a coding that nobody knows', `${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${HIDDEN}`],
  [
    'chunks twice',
    `${HEAD}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    'a space before the colon',
    `${HEAD}Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  ['a vertical tab', `${HEAD}Transfer-Encoding: \x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${HIDDEN}`],
  ['a chunk without a size', chunked('zz\r\n{}\r\n0\r\n\r\n')],
  ['a chunk of a size that overflows', chunked('ffffffffffffffff2\r\n{}\r\n0\r\n\r\n')],
  ['a chunk that goes on', chunked('2\r\n{}XX0\r\n\r\n')],
  ['a header of two lines', `${HEAD}X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}${HIDDEN}`],
  ['a header with a NUL', `${HEAD}X-A: a\0b\r\nContent-Length: 2\r\n\r\n{}${HIDDEN}`],
  ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
]

/** Everything that a server sends until it closes the connection. */
async function exchange(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (data) => {
    answer += data.toString('latin1')
  })
  // A reset also closes it.
  socket.on('error', () => undefined)
  socket.write(Buffer.from(request, 'latin1'))
  await once(socket, 'close')
  return answer
}

/** Tests that a gateway rejects each of them and disconnects: nothing after it is read as a request. */
export function refusesAmbiguousRequests(port: () => number): void {
  test.each(ambiguous)('rejects %s and disconnects', async (_, request) => {
    const answer = await exchange(port(), request)
    expect(answer).not.toContain('"status":"ok"')
    // At most one answer; Deno sends none for invalid chunks.
    expect(answer.match(/HTTP\/1\.1 /g) ?? []).toHaveLength(answer === '' ? 0 : 1)
    if (answer !== '') expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  })
}
