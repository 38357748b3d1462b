import { expect, test } from 'vitest'
import { startApp } from '../testing/app.ts'

test.each([
  ['', 'The body is empty'],
  [' \n\t', 'The body is empty'],
  ['{', 'The body has a syntax error at line 1, column 2'],
  ['{"id":"a",}', 'The body has a syntax error at line 1, column 11'],
  ['{\n  "id": "a"\n  "nombre": "b"\n}', 'The body has a syntax error at line 3, column 3'],
  ['{\r\n  "edad": cuarenta\r\n}', 'The body has a syntax error at line 2, column 11'],
  ["{'id':1}", 'The body has a syntax error at line 1, column 2'],
  ['{"nombre":"Ana\nMaría"}', 'The body has a syntax error at line 1, column 11'],
  ['{"edad":044}', 'The body has a syntax error at line 1, column 10'],
  ['{} // thanks', 'The body has a syntax error at line 1, column 4'],
  ['{}{}', 'The body has a syntax error at line 1, column 3'],
  ['undefined', 'The body has a syntax error at line 1, column 1'],
  ['\ufeff{"id":}', 'The body has a syntax error at line 1, column 7'],
])('%j is answered with the position of the syntax error', async (body, detail) => {
  const response = await startApp().post(body)
  expect(response.status).toBe(400)
  expect(await response.text()).toBe(
    JSON.stringify({
      type: 'urn:problem-type:checkout:malformed-json',
      title: 'Request body is not valid JSON',
      status: 400,
      detail,
    }),
  )
})

test('so is a record of a batch, and the batch', async () => {
  const send = async (type: string, body: string) => {
    const response = await startApp().app.request('/checkout/batch', {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    return response.json()
  }
  expect(await send('application/json', '[{},\n{]')).toMatchObject({
    detail: 'The body has a syntax error at line 2, column 2',
  })
  expect(await send('application/json', '')).toMatchObject({ detail: 'The body is empty' })
  expect(await send('application/x-ndjson', '{}\n\n{"id":1,}\n{"id":\r\n')).toMatchObject({
    results: [
      { status: 422 },
      { status: 400, problem: { detail: 'The body has a syntax error at line 3, column 9' } },
      { status: 400, problem: { detail: 'The body has a syntax error at line 4, column 7' } },
    ],
  })
})

test('endlessly nested lists are reported as nested too deeply', async () => {
  const { app } = startApp()
  const response = await app.request('/checkout/batch', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '['.repeat(60_000),
  })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ detail: 'The body is nested too deeply' })
})

test('the position is not searched in a long text, nor in more than 20 lines: that would delay other requests', async () => {
  const send = async (type: string, body: string) => {
    const headers = { 'content-type': type }
    return (await startApp().app.request('/checkout/batch', { method: 'POST', headers, body })).json()
  }
  expect(await send('application/json', `[${' '.repeat(70_000)}`)).toMatchObject({
    detail: 'The body has a syntax error',
  })
  const { results } = (await send('application/x-ndjson', '{\n'.repeat(22))) as {
    results: { problem: { detail: string } }[]
  }
  expect(results.slice(19, 21).map(({ problem }) => problem.detail)).toEqual([
    'The body has a syntax error at line 20, column 2',
    'Line 21 has a syntax error',
  ])
})
