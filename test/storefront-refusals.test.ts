import { expect, test } from 'vitest'
import { ProblemError, problemResponse } from '../backbone/problem.ts'
import { boughtQuickly, didNotBuy } from './sample-checkouts.ts'
import { keptOf, send, useStorefront } from './storefront-shop.ts'

const { openShop, startGateway, startAnswering } = useStorefront()

test('a final rejection is reported, and not kept', async () => {
  const { shop, url, requests } = startGateway()
  const page = await openShop(shop)
  const { refused } = await send(page, url, { ...didNotBuy, edad: 131 })
  expect(refused).toMatchObject({ name: 'CheckoutRefused', status: 422, kept: false })
  expect(refused?.problem).toMatchObject({ errors: [{ pointer: '/edad' }] })
  expect(await keptOf(page)).toBeNull()
  expect(requests).toHaveLength(1)
})

test.each([
  ['a session that has ended', () => problemResponse(new ProblemError('unauthenticated'))],
  ['a firewall', () => new Response('<h1>Bad Request</h1>', { status: 400 })],
])('%s loses no purchase: it is reported, kept, and can be sent again', async (_, answer) => {
  const { url, requests } = startAnswering(answer())
  const page = await openShop(url)
  const { refused } = await send(page, '', boughtQuickly)
  expect(refused).toMatchObject({ name: 'CheckoutRefused', kept: true })
  expect(await keptOf(page)).toHaveProperty('body')
  expect((await send(page, '', boughtQuickly)).answer?.status).toBe('accepted')
  expect(requests).toHaveLength(2)
  expect(requests[1]?.key).toBe(requests[0]?.key)
})

test.each([
  ['which a proxy gives for a gateway that is away', () => new Response('error code: 520', { status: 520 })],
  ['that ends before its end', () => new Response('{"eventId":"ab', { status: 202 })],
])('an answer %s is none: it is sent again', async (_, answer) => {
  const { url, requests } = startAnswering(answer())
  const page = await openShop(url)
  const sent = await send(page, '', boughtQuickly)
  expect(sent).toMatchObject({ answer: { status: 'accepted' }, waits: [{ attempts: 1 }] })
  expect(requests).toHaveLength(2)
  expect(requests[1]?.key).toBe(requests[0]?.key)
})
