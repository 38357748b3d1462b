import { expect, test } from 'vitest'
import { createTestApp } from '../testing/apps.ts'
import { createTestReadModels } from '../testing/read-models.ts'

const readModels = createTestReadModels()

async function typeFor(accept: string | undefined): Promise<string | null> {
  const { get } = createTestApp(readModels.open())
  const response = await get('/notifications', accept === undefined ? {} : { headers: { accept } })
  expect(response.status).toBe(200)
  await response.body?.cancel()
  return response.headers.get('content-type')
}

test.each([
  'text/event-stream',
  'TEXT/Event-Stream',
  'text/event-stream;q=0.1',
  'text/event-stream; charset=utf-8',
  'text/event-stream, application/json;q=0.9',
  'application/json; q=0.9 , text/event-stream',
  'text/event-stream, */*',
  '*/*;q=0.8, text/event-stream',
  'text/event-stream;q=0.5, text/*;q=0.9',
  'text/event-stream;q=0.5, application/json;q=0',
])('Accept: %s gets the stream', async (accept) => {
  expect(await typeFor(accept)).toBe('text/event-stream')
})

test.each([
  undefined,
  '',
  '*/*',
  'application/json',
  'application/json, text/event-stream;q=0',
  'application/json, text/event-stream;q=0.1',
  'APPLICATION/JSON, text/event-stream;Q=0.1',
  'application/json, text/event-stream',
  'text/event-stream, application/json',
  'text/event-stream;q=0',
  'text/event-stream;q=0, */*',
  'text/event-stream;q=0.5, */*',
  'text/event-stream;q=0.5, application/*',
  'text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8',
  'text/html, text/*;q=0.5, */*;q=0.1',
  'text/event-streams, x-text/event-stream',
  '"text/event-stream',
  'image/png',
])('Accept: %s gets a page', async (accept) => {
  expect(await typeFor(accept)).toBe('application/json')
})
