import { describe, expect, test } from 'vitest'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { problem, startApp } from '../testing/app.ts'

const json = JSON.stringify(boughtQuickly)
const withField = (text: string) => json.replace('{', `{${text},`)
const named = (name: string) => json.replace('"Scarlett"', name)

/** Accepted input, and what is stored. */
async function storedOf(body: string | Uint8Array) {
  const { post, publish } = startApp()
  const response = await post(body)
  expect(response.status).toBe(202)
  return JSON.parse(publish.mock.lastCall?.[0].value ?? '') as typeof boughtQuickly
}

describe('is stored with the fields of a checkout only, and has no other effect', () => {
  test.each([
    ['a byte order mark', `\ufeff${json}`],
    ['fields that nobody knows', withField('"admin":true,"edad2":1')],
    ['__proto__', withField('"__proto__":{"edad":7,"admin":true}')],
    ['constructor', withField('"constructor":{"prototype":{"admin":true}}')],
    ['__proto__ further in', json.replace('"direccion"', '"__proto__":{"pais":"x"},"direccion"')],
  ])('%s', async (_, body) => {
    const stored = await storedOf(body)
    expect(stored).toEqual(boughtQuickly)
    expect(Object.keys(stored)).toEqual(Object.keys(boughtQuickly))
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  test('for a duplicate key the last one counts, as always in JavaScript', async () => {
    expect((await storedOf(`${json.slice(0, -1)},"edad":45}`)).edad).toBe(45)
  })

  test('markup in a name is kept', async () => {
    expect((await storedOf(named('"<script>alert(1)</script>"'))).nombre).toBe('<script>alert(1)</script>')
  })

  test.each([
    ['half an emoji', 'Scar\\ud83dlett', 'Scar\ufffdlett', ['lone surrogate replaced']],
    ['a NUL', 'Scar\\u0000lett', 'Scarlett', ['invisible removed']],
    ['line breaks', 'Scar\\r\\nid: 7\\ndata: x', 'Scar id: 7 data: x', ['line break to space']],
    ['the other direction', '\\u202eScarlett', 'Scarlett', ['invisible removed']],
    ['an isolate', '\\u2067 Scarlett\\u2069 ', 'Scarlett', ['invisible removed', 'trimmed']],
    ['a decomposed letter', 'Mari\\u0301a', 'María', ['composed']],
  ])('%s in a name is corrected, and the answer reports it', async (_, sent, stored, kinds) => {
    const { post, publish } = startApp()
    const response = await post(named(`"${sent}"`))
    expect(JSON.parse(publish.mock.lastCall?.[0].value ?? '')).toEqual({ ...boughtQuickly, nombre: stored })
    expect(await response.json()).toMatchObject({
      corrections: kinds.map((correction) => ({ pointer: '/nombre', correction })),
    })
  })

  // JSON.stringify writes a lone surrogate as an escape, which Python, Go and Java cannot encode as UTF-8.
  test('half a surrogate pair anywhere is in no record and no answer; a retry is the same event', async () => {
    const body = withField('"\\ud83d":1,"ed\\ud83dad":2').replace('"Scarlett"', '"Scarlett\\ud83d"')
    const { post, publish } = startApp()
    const responses = [await post(body), await post(body), await startApp().post(body.replace('44', '-44'))]
    const texts = await Promise.all(responses.map((response) => response.text()))
    expect(responses.map(({ status }) => status)).toEqual([202, 202, 422])
    expect(JSON.parse(texts[0] ?? '').eventId).toBe(JSON.parse(texts[1] ?? '').eventId)
    for (const text of [...texts, String(publish.mock.lastCall?.[0].value)])
      expect(text).not.toMatch(/\\ud[89a-f]/i)
    expect(texts[0]).toContain('"pointer":"/\ufffd"')
  })

  test.each(['\\u200d', '\\u3164', '\\u2800 \\u2800', '\\u202e\\u202c', '\\u0007', '\\ufe0f'])(
    'a name of %s alone is missing',
    async (name) => {
      const response = await startApp().post(named(`"${name}"`))
      expect(response.status).toBe(422)
      expect(await response.json()).toMatchObject({
        errors: [{ pointer: '/nombre', code: 'missing', detail: 'is missing' }],
      })
    },
  )
})

describe('is rejected, and nothing is stored', () => {
  test.each<[string, string | Uint8Array, number, string]>([
    [
      'overlong UTF-8',
      Buffer.concat([Buffer.from(json.slice(0, -1)), Buffer.from([0xc0, 0xaf])]),
      400,
      'malformed-json',
    ],
    ['half a character', Buffer.from(json).subarray(0, -1), 400, 'malformed-json'],
    ['UTF-16', Buffer.from(json, 'utf16le'), 400, 'malformed-json'],
    ['a comment', `${json}// thanks`, 400, 'malformed-json'],
    ['NaN', json.replace('44', 'NaN'), 400, 'malformed-json'],
    ['1e400', json.replace('44', '1e400'), 422, 'invalid-checkout'],
    ['an age of 44.5', json.replace('44', '44.5'), 422, 'invalid-checkout'],
    ['infinite minutes', json.replace('17.8', '1e999'), 422, 'invalid-checkout'],
    ['an object for a name', named('{"toString":"Scarlett"}'), 422, 'invalid-checkout'],
    ['a list for a name', named('["Scarlett"]'), 422, 'invalid-checkout'],
    ['a list around it', `[${json}]`, 422, 'invalid-checkout'],
    ['lists in lists', '['.repeat(400) + ']'.repeat(400), 422, 'invalid-checkout'],
    ['lists that do not end', '['.repeat(900), 400, 'malformed-json'],
    ['null', 'null', 422, 'invalid-checkout'],
    ['a text', '"{}"', 422, 'invalid-checkout'],
  ])('%s', async (_, body, status, code) => {
    const { post, publish } = startApp()
    const response = await post(body)
    expect([response.status, await response.json()]).toEqual([status, problem(code)])
    expect(publish).not.toHaveBeenCalled()
  })

  test.each([
    ['lists', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['objects', '{"a":'.repeat(80_000) + '1' + '}'.repeat(80_000)],
    ['lists that do not end', '['.repeat(400_000)],
  ])('%s nested as deep as a batch allows', async (_, deep) => {
    const { app, publish } = startApp()
    for (const body of [`[${deep}]`, deep]) {
      const response = await app.request('/checkout/batch', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      expect([400, 422]).toContain(response.status)
    }
    expect(publish).not.toHaveBeenCalled()
  })
})

test('an answer names the place of an invalid value, never the value', async () => {
  const { post } = startApp()
  const text = await (await post(json.replace('Scarlett.Morris@mail.com', 'scarlett at home'))).text()
  expect(text).toContain('/email')
  expect(text).not.toContain('scarlett')
})
