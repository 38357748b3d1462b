import type { ServerResponse } from 'node:http'
import { afterEach, expect, test, vi } from 'vitest'
import type { DeliveryReport } from '../../backbone/timeline/deliveries.ts'
import type { Timeline } from '../../backbone/timeline/timeline.ts'
import { accepted, classified } from '../../test/timelines.ts'
import { startProcessor, type TestProcessor } from '../testing/processor.ts'
import { createAskDeliveries } from './ask-deliveries.ts'
import { completeTimeline } from './complete-timeline.ts'

const started: TestProcessor[] = []
afterEach(() => Promise.all(started.splice(0).map(({ stop }) => stop())))

const AT = '2026-11-29T15:30:00.000Z'
const report: DeliveryReport = {
  process: 'processor-3',
  since: { customers: '2026-11-29T15:00:00.000Z', readers: '2026-11-29T15:00:00.000Z' },
  deliveries: [{ what: 'read', at: AT, to: 'customer' }],
}
const trace = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
const request = () =>
  new Request('http://gateway/', { headers: { authorization: 'Bearer k.s', cookie: 'shop=secret' } })

async function processor(answer: (response: ServerResponse) => void) {
  const it = await startProcessor((_, response) => answer(response))
  started.push(it)
  return it
}
const reporting = () => processor((response) => response.end(JSON.stringify(report)))

test('asks each processor with the credential and in the trace of the client, and names those without a report', async () => {
  const [able, older] = [await reporting(), await processor((response) => response.writeHead(404).end())]
  const urls = [able.url, older.url, 'http://127.0.0.1:1']
  const { reports, silent } = await createAskDeliveries({ urls }, 20_000)(
    'a/b',
    request(),
    'request-1',
    trace,
  )
  expect(reports).toEqual([report])
  const refused = silent.find((each) => each.startsWith('http://127.0.0.1:1: '))
  expect(new Set(silent)).toEqual(new Set([`${older.url}: answered 404`, refused]))
  expect(able.requests[0]?.url).toBe('/checkouts/a%2Fb/deliveries')
  expect(able.requests[0]?.headers).toMatchObject({
    authorization: 'Bearer k.s',
    'x-request-id': 'request-1',
    ...trace,
  })
  expect(able.requests[0]?.headers.cookie).toBeUndefined()
})

test('does not wait for a processor that answers nothing, or only begins to', async () => {
  const [frozen, begun] = [
    await processor(() => undefined),
    await processor((response) => response.write('{"process":')),
  ]
  const urls = [frozen.url, begun.url]
  const { reports, silent } = await createAskDeliveries({ urls }, 300)('a', request(), 'request-1')
  expect(reports).toEqual([])
  expect(new Set(silent)).toEqual(new Set(urls.map((url) => `${url}: no answer within 300 ms`)))
})

test('adds what it was told to a timeline', async () => {
  const headers = { 'content-length': '17', 'preference-applied': 'wait=20' }
  const answer = completeTimeline(Response.json(classified, { headers }), async () => ({
    reports: [report],
    silent: ['http://b: refused'],
  }))
  expect(answer.headers.get('preference-applied')).toBe('wait=20')
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  expect(answer.headers.get('content-length')).toBeNull()
  const { steps, incomplete, outcome } = (await answer.json()) as Timeline
  expect(steps).toContainEqual({ what: 'read', at: AT, where: { process: 'processor-3' }, to: 'customer' })
  expect(incomplete.map(({ reason }) => reason)).toContain('processor-silent')
  expect(outcome).toEqual(classified.outcome)
})

test('leaves other answers alone', async () => {
  const deliveries = async () => ({ reports: [report], silent: [] })
  expect(await completeTimeline(Response.json(accepted), deliveries).json()).toEqual(accepted)
  const unknown = Response.json({ type: 'unknown-event' }, { status: 404 })
  expect(completeTimeline(unknown, deliveries)).toBe(unknown)
  const ofHead = new Response(null)
  expect(completeTimeline(ofHead, deliveries)).toBe(ofHead)
})

test('a client that disconnects ends the answer of the processor', async () => {
  const cancelled = vi.fn()
  const body = new ReadableStream({ cancel: cancelled })
  const answer = completeTimeline(new Response(body), async () => ({ reports: [], silent: [] }))
  await answer.body?.cancel()
  expect(cancelled).toHaveBeenCalled()
})

test('an answer that breaks off is an error', async () => {
  const body = new ReadableStream({
    pull: (controller) => controller.error(new Error('the processor stopped responding')),
  })
  const answer = completeTimeline(new Response(body), async () => ({ reports: [report], silent: [] }))
  await expect(answer.text()).rejects.toThrow('stopped responding')
})
