import { describe, expect, test } from 'vitest'
import { openConnection } from '../../test/raw-connection.ts'

const LOCAL = 'Host: localhost:8080\r\n'
const REBOUND = 'Host: evil.example:8080\r\n'
const FOREIGN = 'Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n'

const forbidden = (detail: string) =>
  `{"type":"urn:problem-type:checkout:forbidden","title":"Forbidden","status":403,"detail":"${detail}"}`
const forbiddenHost = forbidden('The host name evil.example is not in ALLOWED_HOSTS')
const forbiddenOrigin = forbidden("The origin of the web page is not in the gateway's CORS_ORIGINS")

const routes = [
  'POST /checkout',
  'POST /checkout/batch',
  'GET /checkout/e1',
  'GET /notifications',
  'GET /notifications/stream',
  'POST /session',
  'DELETE /session',
  'POST /operations/load',
  'OPTIONS /checkout',
  'GET /',
  'GET /console/members',
  'GET /console/assets/script.js',
  'GET /docs',
  'GET /docs/scalar.js',
  'GET /openapi.json',
  'GET /metrics',
  'GET /health/live',
  'GET /health/ready',
  'GET /nothing',
]

/** Tests a gateway without keys on loopback: it must reject other host names and web pages of other origins. */
export function rejectsForeignRequests(port: () => number): void {
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
      ['with a host name that resolves to this machine', REBOUND, forbiddenHost],
      ['from a page of another origin', LOCAL + FOREIGN, forbiddenOrigin],
    ])('%s is rejected', async (_, headers, body) => {
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
    ['localhost', LOCAL],
    ['an address', 'Host: 127.0.0.1\r\n'],
    ['an IPv6 address', 'Host: [::1]:8080\r\n'],
    ['its own page', `${LOCAL}Origin: http://localhost:8080\r\nSec-Fetch-Site: same-origin\r\n`],
    [
      'a link',
      `${LOCAL}Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n`,
    ],
  ])('%s is accepted', async (_, headers) => {
    const { status, body } = await send('GET /health/live', headers)
    expect([status, body]).toEqual([200, '{"status":"ok"}'])
  })

  test('an HTTP/1.0 health check without Host is accepted', async () => {
    expect((await send('GET /health/live', '', '1.0')).status).toBe(200)
  })
}
