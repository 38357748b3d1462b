import { expect, test } from 'vitest'
import type { Tracing } from '../../backbone/tracing/tracing.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { classified } from '../../test/timelines.ts'
import { startApp } from '../testing/app.ts'

const context = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
const nothing = () => undefined
const tracing: Tracing = {
  start: () => ({ context, rename: nothing, set: nothing, end: nothing }),
  close: async () => undefined,
}
const EVENT = 'f'.repeat(32)
const LETTER = 'a'.repeat(32)
const posting = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', prefer: 'wait=1' },
  body: JSON.stringify(body),
})

test.each<[string, RequestInit?]>([
  ['/checkout', posting(boughtQuickly)],
  [`/checkout/${EVENT}`],
  ['/checkouts'],
  [`/checkouts/${EVENT}/timeline`],
  ['/dead-letters'],
  [`/dead-letters/${LETTER}`],
  [`/dead-letters/${LETTER}/redrive`, posting({})],
  ['/forecast'],
  ['/insights/slow'],
  ['/messages'],
  ['/messages/preview', posting({ checkout: boughtQuickly })],
  ['/notifications'],
  ['/notifications/export'],
  ['/notifications/stream'],
  ['/operations'],
  ['/operations/stream'],
])('a processor that is asked for %s belongs to the trace of the request', async (path, init) => {
  const { app, results } = startApp({ tracing })
  results.mockImplementation(async () => Response.json({}))
  await app.request(path, init)
  expect(results.mock.calls.map(([, , trace]) => trace)).toEqual([context])
})

test('so do all that are asked for the deliveries of a timeline', async () => {
  const { app, results, askDeliveries } = startApp({ tracing })
  results.mockImplementation(async () => Response.json(classified))
  const response = await app.request(`/checkouts/${EVENT}/timeline`)
  await response.text()
  expect(askDeliveries.mock.calls.map(([, , , trace]) => trace)).toEqual([context])
})
