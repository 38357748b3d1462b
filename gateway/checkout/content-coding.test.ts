import { createHmac } from 'node:crypto'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { MAX_BATCH_BYTES, MAX_BODY_BYTES, problem, startApp } from '../testing/app.ts'

const json = JSON.stringify(boughtQuickly)
const gzipped = gzipSync(json)
function patched(at: number) {
  const copy = Buffer.from(gzipped)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

function start() {
  const started = startApp()
  const send = async (path: string, body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    started.app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', ...headers },
      body,
    })
  return { ...started, send }
}

test.each(['gzip', 'GZIP', 'x-gzip', 'gzip, identity', ' identity ,gzip'])(
  'takes a body in %s',
  async (coding) => {
    const { send, publish } = start()
    expect((await send('/checkout', gzipped, { 'content-encoding': coding })).status).toBe(202)
    expect(publish.mock.calls[0]?.[0].value).toBe(json)
  },
)

test.each(['', 'identity', 'identity, identity'])('%j is no coding', async (coding) => {
  const { send } = start()
  expect((await send('/checkout', Buffer.from(json), { 'content-encoding': coding })).status).toBe(202)
})

test('takes batches of both forms, and a body of several members', async () => {
  const { send, publish } = start()
  const members = Buffer.concat([gzipSync(`[${json},`), gzipSync(''), gzipSync(`${json}]`)])
  expect((await send('/checkout/batch', members)).status).toBe(202)
  const lines = gzipSync(`${json.replace('SRZ-5509', 'SRZ-0001')}\n${json.replace('SRZ-5509', 'SRZ-0002')}`)
  expect((await send('/checkout/batch', lines, { 'content-type': 'application/x-ndjson' })).status).toBe(202)
  expect(publish).toHaveBeenCalledTimes(3)
})

describe('400 unless the body is gzip from its first byte to its last', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['plain JSON', Buffer.from(json)],
    ['half of it', gzipped.subarray(0, gzipped.length / 2)],
    ['all but the last byte', gzipped.subarray(0, -1)],
    ['a header alone', gzipped.subarray(0, 10)],
    ['a wrong checksum', patched(gzipped.length - 8)],
    ['a wrong length', patched(gzipped.length - 1)],
    ['something behind it', Buffer.concat([gzipped, Buffer.from('garbage')])],
    ['zeros behind it', Buffer.concat([gzipped, Buffer.alloc(8)])],
    ['half a member behind it', Buffer.concat([gzipped, gzipped.subarray(0, 15)])],
    ['the form of zlib', deflateSync(json)],
  ])('%s', async (_, body) => {
    const { send, publish } = start()
    for (const path of ['/checkout', '/checkout/batch']) {
      const response = await send(path, body)
      expect([response.status, await response.json()]).toEqual([400, problem('malformed-json')])
    }
    expect(publish).not.toHaveBeenCalled()
  })
})

test.each([
  ['/checkout', json, MAX_BODY_BYTES],
  ['/checkout/batch', `[${json}]`, MAX_BATCH_BYTES],
])('%s limits the unpacked body', async (path, body, limit) => {
  const { send } = start()
  const padded = (bytes: number) => gzipSync(body + ' '.repeat(bytes - Buffer.byteLength(body)))
  expect((await send(path, padded(limit))).status).toBe(202)
  for (const tooLarge of [padded(limit + 1), gzipSync(Buffer.alloc(50_000_000, 0x20)).subarray(0, limit)]) {
    const response = await send(path, tooLarge)
    expect([response.status, await response.json()]).toEqual([413, problem('body-too-large')])
  }
  // Many empty members: the received body must not be too large, either.
  const empty = gzipSync('')
  const members = Buffer.concat(Array.from({ length: Math.ceil(limit / empty.length) + 1 }, () => empty))
  expect((await send(path, members)).status).toBe(413)
})

test.each(['br', 'deflate', 'zstd', 'gzip, gzip', 'gzip, br', 'compress', 'gzip;q=1'])(
  'rejects a body in %s, and names the accepted codings',
  async (coding) => {
    const { send, publish } = start()
    for (const path of ['/checkout', '/checkout/batch']) {
      const response = await send(path, brotliCompressSync(json), { 'content-encoding': coding })
      expect([response.status, await response.json()]).toEqual([415, problem('unsupported-media-type')])
      expect(response.headers.get('accept-encoding')).toBe('gzip, identity')
    }
    expect(publish).not.toHaveBeenCalled()
  },
)

test('a signature covers the bytes that are sent', async () => {
  const keys = createTestKeys()
  const { hash, headers } = keys.mint('web', ['write'], { signed: true })
  const { app } = startApp({ access: keys.open().access })
  const time = Math.floor(Date.now() / 1_000)
  const signatureOf = (body: string | Uint8Array) =>
    `t=${time},v1=${createHmac('sha256', hash).update(`${time}.`).update(body).digest('hex')}`
  const status = async (signature: string) => {
    const sent = { ...headers, 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const init = { method: 'POST', headers: { ...sent, 'checkout-signature': signature }, body: gzipped }
    return (await app.request('/checkout', init)).status
  }
  expect([await status(signatureOf(gzipped)), await status(signatureOf(json))]).toEqual([202, 401])
})
