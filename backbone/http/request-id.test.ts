import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { REQUEST_ID, requestId } from './request-id.ts'

const app = new Hono<{ Variables: { requestId: string } }>()
app.use(requestId)
// A new Response does not have the headers that were set before.
app.get('/', ({ var: { requestId: id } }) => new Response(id))

async function idOf(given?: string): Promise<string> {
  const response = await app.request('/', { headers: given === undefined ? {} : { [REQUEST_ID]: given } })
  const id = await response.text()
  expect(response.headers.get(REQUEST_ID)).toBe(id)
  return id
}

test.each([
  'a',
  '0',
  'x'.repeat(128),
  '5a4e0d1c-3298-4e69-ba39-af851a0e3ef4',
  // Formats of HAProxy, Kong and AWS.
  '7F000001:8296_7F00001E:1F90_4F7B0A69_0003:790E',
  '5a4e0d1c-3298-4e69-ba39-af851a0e3ef4#12',
  'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8',
])('%s is used', async (given) => {
  expect(await idOf(given)).toBe(given)
})

test.each([
  ['no id', undefined],
  ['an empty id', ''],
  ['an id that is too long', 'x'.repeat(129)],
  ['two ids', 'a, b'],
  ['an id with a tab', 'a\tb'],
  ['an id with non-ASCII characters', 'a\u00e9'],
])('%s is replaced by a new id', async (_, given) => {
  const [first, second] = [await idOf(given), await idOf(given)]
  expect(first).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  expect(second).not.toBe(first)
})
