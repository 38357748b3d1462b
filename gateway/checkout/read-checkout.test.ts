import { expect, test } from 'vitest'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { MAX_BODY_BYTES, problem, startApp } from '../testing/app.ts'

const json = JSON.stringify(boughtQuickly)
const utf8 = new TextEncoder()

const inChunks = (bytes: Uint8Array) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 100) controller.enqueue(bytes.slice(at, at + 100))
      controller.close()
    },
  })

test.each([
  ['nothing', null],
  ['an empty text', ''],
  ['half of it', json.slice(0, -1)],
  ['two of them', json + json],
  ['no JSON', 'hello'],
  ['Latin-1', Buffer.from(json, 'latin1')],
  ['a surrogate', Buffer.from(json.replace('Scarlett', '\u{d800}'), 'utf16le')],
])('refuses %s as not JSON', async (_, body) => {
  const { post, publish } = startApp()
  const response = await post(body)
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual(problem('malformed-json'))
  expect(publish).not.toHaveBeenCalled()
})

test('keeps every letter of a name', async () => {
  const { post, publish } = startApp()
  await post(JSON.stringify({ ...boughtQuickly, nombre: 'Ñuñoa 👩‍🚀' }))
  expect(JSON.parse(publish.mock.calls[0]?.[0].value ?? '')).toMatchObject({ nombre: 'Ñuñoa 👩‍🚀' })
})

const withLength = ({ length }: Uint8Array) => ({ 'content-length': String(length) })

test('accepts a body of the maximum size and not one byte more, with or without Content-Length', async () => {
  const { post } = startApp()
  const largest = utf8.encode(json.padEnd(MAX_BODY_BYTES - (utf8.encode(json).length - json.length)))
  const tooLarge = Buffer.concat([largest, Buffer.from(' ')])
  expect(largest).toHaveLength(MAX_BODY_BYTES)
  expect((await post(largest, withLength(largest))).status).toBe(202)
  expect((await post(inChunks(largest))).status).toBe(202)
  for (const response of [await post(tooLarge, withLength(tooLarge)), await post(inChunks(tooLarge))]) {
    expect(response.status).toBe(413)
    expect(await response.json()).toEqual(problem('body-too-large'))
  }
})

test('reads no more of a body than the limit', async () => {
  const { post } = startApp()
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 100
      controller.enqueue(new Uint8Array(100))
    },
  })
  expect((await post(endless)).status).toBe(413)
  expect(sent).toBeLessThan(MAX_BODY_BYTES + 1_000)
})

test('names every invalid field by its pointer', async () => {
  const { post, publish } = startApp()
  const { apellido: _, ...rest } = boughtQuickly
  const response = await post(
    JSON.stringify({ ...rest, edad: 131, email: 'nobody', ubicacion: { ciudad: 1 }, taps: -1, folio: 'x' }),
  )
  expect(response.status).toBe(422)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const body = (await response.json()) as { errors: { pointer: string; detail: string }[] }
  expect(body).toEqual(problem('invalid-checkout'))
  expect(body.errors.map(({ pointer }) => pointer)).toEqual([
    '/apellido',
    '/edad',
    '/email',
    '/ubicacion/direccion',
    '/ubicacion/ciudad',
    '/ubicacion/pais',
    '/taps',
    '/folio',
  ])
  expect(body.errors.every(({ detail }) => detail.length > 0)).toBe(true)
  expect(publish).not.toHaveBeenCalled()
})

test.each(['null', '[]', '"text"', '1'])('%s is JSON but no checkout', async (body) => {
  const { post } = startApp()
  const response = await post(body)
  expect(response.status).toBe(422)
  expect(await response.json()).toMatchObject({ errors: expect.arrayContaining([expect.anything()]) })
})
