import { describe, expect, test } from 'vitest'
import { openConnection } from '../../test/raw-connection.ts'

const HERE = 'Host: localhost:8080\r\n'
const REBOUND = 'Host: evil.example:8080\r\n'
const FOREIGN = 'Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n'

const forbidden = (detail: string) =>
  `{"type":"urn:problem-type:checkout:forbidden","title":"Forbidden","status":403,"detail":"${detail}"}`
const forbiddenHost = forbidden(
  'evil.example is not a host name of this service; the setting ALLOWED_HOSTS allows it',
)
const forbiddenOrigin = forbidden(
  "Pages of other origins may not use this service; the gateway's setting CORS_ORIGINS allows an origin",
)

const routes = [
  'POST /checkout',
  'POST /checkout/batch',
  'GET /checkout/e1',
  'GET /notifications',
  'GET /notifications/stream',
  'POST /session',
  'DELETE /session',
  'OPTIONS /checkout',
  'GET /docs',
  'GET /docs/scalar.js',
  'GET /openapi.json',
  'GET /metrics',
  'GET /health/live',
  'GET /health/ready',
  'GET /nothing',
]

/** Holds a gateway without keys on loopback to answering only this machine and its own pages. */
export function refusesForeignPages(port: () => number): void {
  async function send(route: string, headers: string, version = '1.1') {
    const connection = await openConnection(port())
    try {
      const length = route.startsWith('POST') ? 'Content-Length: 0\r\n' : ''
      return await connection.ask(`${route} HTTP/${version}\r\n${headers}${length}\r\n`)
    } finally {
      connection.close()
    }
  }

  describe.each(routes)('%s', (route) => {
    test.each([
      ['under a host name that resolves to this machine', REBOUND, forbiddenHost],
      ['of a page of another origin', HERE + FOREIGN, forbiddenOrigin],
    ])('%s is refused', async (_, headers, body) => {
      const answer = await send(route, headers)
      expect([answer.status, answer.headers.get('content-type'), answer.body]).toEqual([
        403,
        'application/problem+json',
        body,
      ])
      expect(answer.headers.has('access-control-allow-origin')).toBe(false)
    })
  })

  test.each([
    ['localhost', HERE],
    ['an address', 'Host: 127.0.0.1\r\n'],
    ['an IPv6 address', 'Host: [::1]:8080\r\n'],
    ['its own page', `${HERE}Origin: http://localhost:8080\r\nSec-Fetch-Site: same-origin\r\n`],
    [
      'a link',
      `${HERE}Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n`,
    ],
  ])('%s is answered', async (_, headers) => {
    const { status, body } = await send('GET /health/live', headers)
    expect([status, body]).toEqual([200, '{"status":"ok"}'])
  })

  test('so is a health check that speaks HTTP/1.0 and names no host', async () => {
    expect((await send('GET /health/live', '', '1.0')).status).toBe(200)
  })
}
