import { describe, expect, test } from 'vitest'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { startApp } from '../testing/app.ts'

const json = JSON.stringify(boughtQuickly)

const postAs = async (path: string, type: string, body: string) => {
  const { app, publish } = startApp()
  const headers = type === '' ? {} : { 'content-type': type }
  // As bytes: for a string, fetch would set its own type.
  const response = await app.request(path, { method: 'POST', headers, body: new TextEncoder().encode(body) })
  return { response, publish }
}
const bodies = { '/checkout': json, '/checkout/batch': `[${json}]` }

const whatToSend: Record<string, string> = {
  '/checkout': 'Send the body as application/json (Content-Type: application/json)',
  '/checkout/batch':
    'Send the body as application/json (one JSON array) or application/x-ndjson (one checkout a line), named in Content-Type',
}

describe.each(Object.entries(bodies))('%s', (path, body) => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/json; charset=utf8',
    'application/json;',
    'application/json ; charset=utf-8 ;',
    'application/json; version=1',
    'application/vnd.shop+json',
    'application/vnd.shop.v2+JSON; charset=UTF8',
    'application/ld+json;',
  ])('takes %s', async (type) => {
    expect((await postAs(path, type, body)).response.status).toBe(202)
  })

  test.each([
    '',
    'text/plain',
    'text/plain; charset=utf-8',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'application/json+xml',
    'application/json, application/json',
    'json',
    'application/',
    ';',
  ])('refuses the type "%s"', async (type) => {
    const { response, publish } = await postAs(path, type, body)
    expect(response.status).toBe(415)
    expect(response.headers.get('accept')).toMatch(/^application\/json/)
    expect(await response.json()).toEqual({
      type: 'urn:problem-type:checkout:unsupported-media-type',
      title: 'Unsupported media type',
      status: 415,
      detail: whatToSend[path],
    })
    expect(publish).not.toHaveBeenCalled()
  })

  test.each(['iso-8859-1', 'UTF-16', 'utf-88', 'us-ascii'])(
    'names the charset %s in its refusal',
    async (name) => {
      const { response, publish } = await postAs(path, `application/json; charset=${name}`, body)
      expect(response.status).toBe(415)
      expect(await response.json()).toMatchObject({
        detail: `The charset ${name} is not supported: send UTF-8`,
      })
      expect(publish).not.toHaveBeenCalled()
    },
  )
})

test.each(['application/x-ndjson', 'application/NDJSON;', 'application/jsonl; charset=utf8'])(
  '%s is for batches only',
  async (type) => {
    expect((await postAs('/checkout/batch', type, `${json}\n`)).response.status).toBe(202)
    const { response } = await postAs('/checkout', type, json)
    expect(response.status).toBe(415)
    expect(await response.json()).toMatchObject({
      detail: `${whatToSend['/checkout']}; NDJSON goes to POST /checkout/batch`,
    })
  },
)

test('lines must be UTF-8, too', async () => {
  const { response } = await postAs('/checkout/batch', 'application/x-ndjson; charset=latin1', json)
  expect(response.status).toBe(415)
  expect(response.headers.get('accept')).toBe('application/json, application/x-ndjson')
  expect(await response.json()).toMatchObject({ detail: expect.stringContaining('latin1') })
})
