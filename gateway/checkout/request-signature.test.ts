import { createHash, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { problem, startApp } from '../testing/app.ts'

const body = JSON.stringify(boughtQuickly)
const now = (offset = 0) => Math.floor(Date.now() / 1_000) + offset

/** Signs like the holder of a key, who knows the secret and not the file. */
function sign(bearer: string, text: string, time = now()) {
  const key = createHash('sha256')
    .update(bearer.split('.')[1] ?? '')
    .digest('hex')
  return `t=${time},v1=${createHmac('sha256', key).update(`${time}.${text}`).digest('hex')}`
}

function setUp(signed?: boolean) {
  const keys = createTestKeys()
  const key = keys.mint('web', ['write'], signed === undefined ? {} : { signed })
  const { post } = startApp({ access: keys.open().access })
  const send = (signature: string | undefined, text = body) =>
    post(text, { ...key.headers, ...(signature === undefined ? {} : { 'checkout-signature': signature }) })
  return { ...key, send }
}

test.each([true, false, undefined])(
  'a body as it was signed is taken; the key must sign: %s',
  async (signed) => {
    const { bearer, send } = setUp(signed)
    expect((await send(sign(bearer, body))).status).toBe(202)
    expect((await send(undefined)).status).toBe(signed === true ? 401 : 202)
  },
)

test.each<[string, (bearer: string) => string]>([
  ['for another body', (bearer) => sign(bearer, `${body} `)],
  ['with another secret', () => sign('k.other', body)],
  ['for another time', (bearer) => sign(bearer, body).replace(/t=\d+/, `t=${now(-1)}`)],
  ['with an expired time', (bearer) => sign(bearer, body, now(-302))],
  ['with a time in the future', (bearer) => sign(bearer, body, now(302))],
  ['without a time', (bearer) => sign(bearer, body).replace(/t=\d+,/, '')],
  ['of an older scheme', (bearer) => sign(bearer, body).replace('v1', 'v0')],
  ['that is truncated', (bearer) => sign(bearer, body).slice(0, -2)],
  ['that is empty', () => ''],
])('a signature %s is rejected, whether or not the key must sign', async (_, signature) => {
  for (const signed of [true, false]) {
    const { bearer, send } = setUp(signed)
    const response = await send(signature(bearer))
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual(problem('bad-signature'))
  }
})

test.each([-298, 298])('clocks may be %i s apart', async (seconds) => {
  const { bearer, send } = setUp(true)
  expect((await send(sign(bearer, body, now(seconds)))).status).toBe(202)
})

test('the signature covers the bytes, not their meaning', async () => {
  const { bearer, send } = setUp(true)
  const spaced = JSON.stringify(boughtQuickly, null, 2)
  expect((await send(sign(bearer, spaced), spaced)).status).toBe(202)
  expect((await send(sign(bearer, body), spaced)).status).toBe(401)
})

test('without keys only the form of a signature is checked', async () => {
  const { post } = startApp()
  expect((await post(body, { 'checkout-signature': sign('k.s', body, 0) })).status).toBe(202)
  expect((await post(body, { 'checkout-signature': 'none' })).status).toBe(401)
})
