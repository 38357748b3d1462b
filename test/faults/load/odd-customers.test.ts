import { afterAll, expect, test as sequentialTest } from 'vitest'
import { createCorrectAnswers, problem } from './test-gateway.ts'
import { createTestShop, dueAtLeast, numberIn, numbersBelow } from './test-shop.ts'

// Each has its own thread and servers, and mostly waits.
const test = sequentialTest.concurrent
const { gateway, sell, stop } = createTestShop()
afterAll(stop)

test('a second click goes to the gateway that answered the first, and is answered alike', async () => {
  const gateways = [await gateway(createCorrectAnswers(0)), await gateway(createCorrectAnswers(1))]
  const storefront = sell(gateways.map(({ url }) => url))
  await dueAtLeast(storefront, 103)
  const { sent, replaysChecked, brokenReplays } = await storefront.finish(4_000)

  const clickers = numbersBelow(sent, (number) => number % 97 === 5)
  expect(replaysChecked).toBe(clickers.length)
  expect(brokenReplays).toEqual([])
  for (const clicker of clickers) {
    const clicks = gateways.map(({ received }) => received.filter(({ key }) => key === `"test-${clicker}"`))
    expect(new Set(clicks.map(({ length }) => length))).toEqual(new Set([0, 2]))
    const [first, again] = clicks.flat()
    expect(again?.body).toBe(first?.body)
  }
})

test.each([
  ['another body', '{"eventId":"other","partition":0,"offset":1}', 'true'],
  ['no word of a repetition', '{"eventId":"e","partition":0,"offset":0}', undefined],
])(
  'a second click answered with %s is a broken replay, unless the process is new',
  async (_, text, replayedHeader) => {
    const clicked = new Set<string>()
    const headers = replayedHeader === undefined ? {} : { 'idempotent-replayed': replayedHeader }
    const { url } = await gateway((response, { key = '' }) => {
      if (clicked.has(key)) response.writeHead(202, headers).end(text)
      else response.writeHead(202).end('{"eventId":"e","partition":0,"offset":0}')
      clicked.add(key)
    })
    const sellTo = async (restarted: boolean) => {
      clicked.clear()
      const storefront = sell([url])
      await dueAtLeast(storefront, 6)
      if (restarted) storefront.gatewayRestarted(0)
      return storefront.finish(4_000)
    }

    const { brokenReplays, replaysChecked } = await sellTo(false)
    expect(replaysChecked).toBe(brokenReplays.length)
    expect(brokenReplays).toContainEqual({
      key: '"test-5"',
      gateway: 0,
      expected: '202 {"eventId":"e","partition":0,"offset":0}',
      got: `202 ${text}`,
      replayedHeader,
    })
    const afterRestart = await sellTo(true)
    expect(afterRestart.brokenReplays.filter(({ key }) => key === '"test-5"')).toEqual([])
  },
)

test('a mistake goes to the other gateway with the same key, once if that one answers 422', async () => {
  const refuse = new Map<string, number>()
  const right = [createCorrectAnswers(0), createCorrectAnswers(1)]
  const answers = right.map((answer): typeof answer => (response, checkout) => {
    if (numberIn(checkout.body) < 1e9) answer(response, checkout)
    else {
      refuse.set(checkout.body, (refuse.get(checkout.body) ?? 0) + 1)
      problem(response, 422, 'idempotency-key-reused')
    }
  })
  const gateways = await Promise.all(answers.map((answer) => gateway(answer)))
  const storefront = sell(
    gateways.map(({ url }) => url),
    800,
  )
  await dueAtLeast(storefront, 650)
  const { sent, keysReused, refused } = await storefront.finish(4_000)

  const ledger = storefront.readLedger()
  const mistaken = numbersBelow(sent, (number) => number % 211 === 9 && number % 151 !== 7)
  expect(keysReused).toBe(mistaken.length)
  expect(new Set(refuse.values())).toEqual(new Set([1]))
  expect(refused.at).toHaveLength(0)

  const at = (body = '') => gateways.findIndex(({ received }) => received.some((one) => one.body === body))
  for (const customer of mistaken) {
    const meant = ledger.find(({ number }) => number === customer)
    const mistake = ledger.find(({ reusesKeyOf }) => reusesKeyOf === customer)
    expect(mistake).toMatchObject({
      number: 1e9 + customer,
      key: `"test-${customer}"`,
      acknowledgements: [],
      attempts: 1,
    })
    expect(at(mistake?.body)).not.toBe(at(meant?.body))
    const { productovisto, ...same } = JSON.parse(mistake?.body ?? '') as Record<string, unknown>
    const original = JSON.parse(meant?.body ?? '') as Record<string, unknown>
    expect(productovisto).not.toBe(original['productovisto'])
    expect(same).toMatchObject({ id: original['id'], taps: original['taps'], folio: original['folio'] })
  }
})
