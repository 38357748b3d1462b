import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { checkoutOf } from '../../test/checkouts.ts'
import type { RunningGateway } from '../../test/run-gateway.ts'

const MIB = 1024 * 1024

/** From proc(5), in bytes: resident memory, and its peak. */
const memoryOf = (pid: number | undefined, field: 'VmRSS' | 'VmHWM') =>
  Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024

/** Tests of compressed bodies, for any runtime. */
export function takesGzip(gateway: () => RunningGateway, maxBodyBytes: number): void {
  const post = (body: Uint8Array<ArrayBuffer>, path = '/checkout', headers: Record<string, string> = {}) =>
    fetch(`${gateway().url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', ...headers },
      body,
    })
  const answerTo = async (body: Uint8Array<ArrayBuffer>, path?: string) => {
    const response = await post(body, path)
    const { type } = (await response.json()) as { type?: string }
    return [response.status, type?.replace('urn:problem-type:checkout:', '')].join(' ').trim()
  }

  describe('a body in gzip', () => {
    test('is the event that it is without', async () => {
      const checkout = checkoutOf('quick', 1)
      const json = JSON.stringify(checkout)
      const [plain, zipped] = [await gateway().post(checkout), await post(gzipSync(json))]
      expect([zipped.status, zipped.headers.get('idempotent-replayed')]).toEqual([202, 'true'])
      expect(await zipped.text()).toBe(await plain.text())
      const lines = await post(gzipSync(`${json}\n{\n`), '/checkout/batch', {
        'content-type': 'application/jsonl',
      })
      expect(await lines.json()).toMatchObject({
        results: [{ status: 202, replayed: true }, { status: 400 }],
      })
    })

    test('may have several members, and must be gzip from its first byte to its last', async () => {
      const json = JSON.stringify(checkoutOf('quick', 1))
      const zipped = gzipSync(json)
      expect(await answerTo(Buffer.concat([gzipSync(json.slice(0, 99)), gzipSync(json.slice(99))]))).toBe(
        '202',
      )
      const broken = {
        nothing: Buffer.alloc(0),
        'plain text': Buffer.from(json),
        'cut off': zipped.subarray(0, -1),
        'something behind it': Buffer.concat([zipped, Buffer.from('x')]),
        'zeros behind it': Buffer.concat([zipped, Buffer.alloc(8)]),
        'half a member behind it': Buffer.concat([zipped, zipped.subarray(0, 15)]),
      }
      for (const [name, body] of Object.entries(broken)) {
        expect(`${name}: ${await answerTo(body)}`).toBe(`${name}: 400 malformed-json`)
      }
    })

    test('is the only coding', async () => {
      const response = await post(Buffer.from('x'), '/checkout', { 'content-encoding': 'br' })
      expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'gzip, identity'])
    })

    test('is held to the limit when it is unpacked, and takes no more memory than that', async () => {
      const json = JSON.stringify(checkoutOf('quick', 1))
      const padded = (bytes: number) => gzipSync(json.padEnd(bytes - Buffer.byteLength(json) + json.length))
      expect(await answerTo(padded(maxBodyBytes))).toBe('202')
      expect(await answerTo(padded(maxBodyBytes + 1))).toBe('413 body-too-large')
      // 2 GiB in 2 MB.
      const member = gzipSync(Buffer.alloc(16 * MIB, 0x20))
      const bomb = Buffer.concat(Array.from({ length: 128 }, () => member))
      const before = memoryOf(gateway().child.pid, 'VmRSS')
      for (let n = 0; n < 5; n++) expect(await answerTo(bomb, '/checkout/batch')).toBe('413 body-too-large')
      expect(memoryOf(gateway().child.pid, 'VmHWM') - before).toBeLessThan(200 * MIB)
    })
  })
}
