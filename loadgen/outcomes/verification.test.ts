import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Outcome } from '../../backbone/records/outcome.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { faultsOfOutcomes } from '../verdict.ts'
import { condense, expectedOutcome } from './expected-outcome.ts'
import { createVerification } from './verification.ts'

type LookUp = (response: ServerResponse, asked: number, eventId: string) => void

const never = new AbortController().signal
const credential = { authorization: 'Bearer k.s' }
const patience = { withoutOutcomeMs: 100, forDuplicatesMs: 0 }
const ignore = () => {}
const time = new Date().toISOString()
const expected = expectedOutcome(boughtQuickly)
const rightOutcome = (eventId: string): Outcome => ({
  eventId,
  ...expected,
  checkout: boughtQuickly,
  receivedAt: time,
  classifiedAt: time,
  source: { partition: 0, offset: 0 },
})

let stop = ignore
afterEach(() => stop())

/** A target with a silent stream. */
async function startQuietTarget(lookUp: LookUp): Promise<string> {
  let asked = 0
  const server = createServer(({ url = '', headers }: IncomingMessage, response) => {
    if (headers.authorization !== credential.authorization) {
      response.writeHead(401).end()
      return
    }
    if (!url.startsWith('/notifications')) {
      lookUp(response, asked++, url.slice('/checkout/'.length))
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('retry: 10\nevent: checkpoint\nid: 0\ndata: {}\n\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function verify(lookUp: LookUp, { signal = never, accepted = 1 } = {}) {
  const target = await startQuietTarget(lookUp)
  const verification = createVerification({ target, credential }, patience, {
    onNotification: ignore,
    onWrong: ignore,
    onDuplicated: ignore,
  })
  const accept = (eventId: string) =>
    verification.ledger.accepted({
      eventId,
      scenario: 0,
      stage: 0,
      lane: 'purchase',
      sentAt: 0,
      dueAt: 0,
      expected: condense(expected),
    })
  await verification.open()
  for (let n = 0; n < accepted; n++) accept(`e${n}`)
  await verification.settle(signal)
  const lost = Array.from(verification.ledger.lost(), ({ eventId }) => eventId)
  return { verification, accept, lost, outcomes: verification.outcomes() }
}

const answer = (status: number, body: unknown) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
const notFound = answer(404, { status: 404 })
const stillAccepted = answer(200, { status: 'accepted' })
const unavailable = answer(503, { status: 503 })
const hang = ignore
const found: LookUp = (response, _asked, eventId) =>
  answer(200, { status: 'classified', outcome: rightOutcome(eventId) })(response)

/** Aborts the wait at this request, counted from 0. */
function abortingAt(last: number, lookUp: LookUp) {
  const controller = new AbortController()
  return {
    signal: controller.signal,
    lookUp: ((response, asked, eventId) => {
      lookUp(response, asked, eventId)
      if (asked === last) controller.abort()
    }) satisfies LookUp,
  }
}

test.each([
  ['knows nothing of it', notFound],
  ['still has it as accepted', stillAccepted],
])('waited for, and the target %s: it is lost', async (_, lookUp) => {
  const { outcomes, lost } = await verify(lookUp)
  expect(outcomes).toMatchObject({ accepted: 1, single: 0, lost: 1, unknown: 0, examples: { lost: ['e0'] } })
  expect(lost).toEqual(['e0'])
})

test.each([
  ['knows nothing of it', notFound],
  ['still has it as accepted', stillAccepted],
])('after an aborted wait, and the target %s: unknown', async (_, lookUp) => {
  const { outcomes, lost } = await verify(lookUp, { signal: AbortSignal.abort() })
  expect(outcomes).toMatchObject({ accepted: 1, single: 0, lost: 0, unknown: 1, examples: { lost: [] } })
  expect(lost).toEqual([])
  expect(faultsOfOutcomes(outcomes).length === 0).toBe(false)
})

test('after an aborted wait, it is still looked up and found', async () => {
  const { outcomes } = await verify(found, { signal: AbortSignal.abort(), accepted: 200 })
  expect(outcomes).toMatchObject({ single: 200, lookedUp: 200, lost: 0, unknown: 0 })
  expect(faultsOfOutcomes(outcomes).length === 0).toBe(true)
})

test.each([
  ['503', unavailable],
  ['429', answer(429, {})],
  ['200 with something else', answer(200, { hello: 'world' })],
])('a look-up that is answered %s and nothing else leaves it unknown', async (_, answering) => {
  const { lookUp, signal } = abortingAt(2, answering)
  expect((await verify(lookUp, { signal })).outcomes).toMatchObject({ lost: 0, unknown: 1 })
})

test.each([
  ['answered 503', unavailable],
  ['cut', (response: ServerResponse) => response.destroy()],
])('a look-up that is %s is repeated', async (_, failing) => {
  const failsTwice =
    (then: LookUp): LookUp =>
    (response, asked, eventId) =>
      asked < 2 ? failing(response) : then(response, asked, eventId)
  expect((await verify(failsTwice(found))).outcomes).toMatchObject({ single: 1, lookedUp: 1, unknown: 0 })
  stop()
  expect((await verify(failsTwice(notFound))).outcomes).toMatchObject({ lost: 1, unknown: 0 })
})

test('hanging look-ups end when the wait is aborted, and earlier answers count', async () => {
  const { lookUp, signal } = abortingAt(2, (response, asked, eventId) =>
    [notFound, found, hang][Math.min(asked, 2)]?.(response, asked, eventId),
  )
  const { outcomes } = await verify(lookUp, { signal, accepted: 100 })
  expect(outcomes.unknown).toBeGreaterThanOrEqual(98)
  expect(outcomes.single + outcomes.lost + outcomes.unknown).toBe(100)
})

test('look-ups that hang after the waiting was ended are soon given up', async () => {
  const { outcomes } = await verify(hang, { signal: AbortSignal.abort() })
  expect(outcomes).toMatchObject({ lost: 0, unknown: 1 })
})

test('outcomes of checkouts accepted after the end are unknown', async () => {
  const { verification, accept } = await verify(notFound)
  accept('late')
  verification.ledger.observe({ eventId: 'early', ...condense(expected) }, 0)
  accept('early')
  expect(verification.outcomes()).toMatchObject({ accepted: 3, single: 1, lost: 1, unknown: 1 })
})
