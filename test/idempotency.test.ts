import { expect, test, vi } from 'vitest'
import type { Outcome } from '../backbone/records/outcome.ts'
import { checkoutOf } from './checkouts.ts'
import { readTopic } from './read-topic.ts'
import { useSystem } from './use-system.ts'

const system = useSystem({ gateways: 2, processors: 2 })

const post = (gateway: number, checkout: object, key?: string) =>
  fetch(`${system().gateways[gateway]?.url}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
    body: JSON.stringify(checkout),
  })

const outcomesOf = async (customer: string) => {
  const response = await fetch(
    `${system().processors[0]?.url}/notifications?kind=quick,slow,none,unverified&customer=${customer}`,
  )
  return ((await response.json()) as { items: Outcome[] }).items
}

const recordsOf = async (topic: string, customer: string) =>
  (await readTopic(system().brokers, topic)).filter(({ value }) => value.includes(customer))

for (const key of ['"a-purchase"', undefined]) {
  test(`50 requests at once and one later are one event, ${key ? 'with' : 'without'} a key`, async () => {
    const checkout = checkoutOf('quick', 1)
    const responses = await Promise.all(Array.from({ length: 50 }, () => post(0, checkout, key)))
    responses.push(await post(0, checkout, key))
    const answers = await Promise.all(
      responses.map(async (response) => [response.status, await response.text()].join(' ')),
    )
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toMatch(/^202 /)
    expect(responses.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1)
    expect(responses.at(-1)?.headers.get('idempotent-replayed')).toBe('true')

    await vi.waitFor(async () => expect(await outcomesOf(checkout.id)).toHaveLength(1))
    expect(await recordsOf(system().topics.data, checkout.id)).toHaveLength(1)
  })
}

test('the same key at two gateways at once has one outcome', async () => {
  const checkout = checkoutOf('slow', 2)
  const answers = await Promise.all([post(0, checkout, 'both'), post(1, checkout, 'both')])
  const ids = await Promise.all(
    answers.map(async (answer) => ((await answer.json()) as { eventId: string }).eventId),
  )
  expect(answers.map(({ status }) => status)).toEqual([202, 202])
  expect(ids[0]).toBe(ids[1])
  await vi.waitFor(async () => expect(await outcomesOf(checkout.id)).toHaveLength(1))

  // Only a later event of the same partition proves that the second record has been processed, too.
  const later = await post(0, { ...checkout, folio: 'ZZZ-0001' })
  const { eventId } = (await later.json()) as { eventId: string }
  await fetch(`${system().gateways[0]?.url}/checkout/${eventId}`, { headers: { prefer: 'wait=20' } })
  expect((await outcomesOf(checkout.id)).map((outcome) => outcome.eventId)).toEqual([ids[0], eventId])
})

test('two bodies under one key at two gateways: the first in the log is classified, the other is a dead letter', async () => {
  const first = checkoutOf('quick', 3)
  const second = { ...first, folio: 'ZZZ-9999' }
  const answers = await Promise.all([post(0, first, 'contested'), post(1, second, 'contested')])
  expect(answers.map(({ status }) => status)).toEqual([202, 202])
  const { eventId } = (await answers[0].json()) as { eventId: string }

  const letters = await vi.waitFor(
    async () => {
      const records = await recordsOf(system().topics.deadLetter, first.id)
      expect(records).toHaveLength(1)
      return records
    },
    { timeout: 60_000 },
  )
  expect(letters[0]?.headers).toContain('reason:idempotency-conflict')
  expect(letters[0]?.headers).toContain(`event-id:${eventId}`)

  const [winner, ...others] = await outcomesOf(first.id)
  expect(others).toEqual([])
  expect(winner?.eventId).toBe(eventId)
  const loser = JSON.parse(letters[0]?.value ?? '') as typeof first
  expect(new Set([winner?.checkout?.folio, loser.folio])).toEqual(new Set([first.folio, second.folio]))

  const source = /source:[^,]*\/(\d+)(?:,|$)/.exec(letters[0]?.headers ?? '')?.[1]
  const conflict = await fetch(`${system().gateways[0]?.url}/checkout/${eventId}-conflict-${source}`)
  expect(((await conflict.json()) as { outcome: Outcome }).outcome.kind).toBe('invalid')
})
