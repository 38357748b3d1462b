import { expect, test } from 'vitest'
import type { Checkout } from '../backbone/checkout.ts'
import type { Outcome } from '../backbone/outcome.ts'
import { expectedOutcome } from './expected-outcome.ts'
import { createOutcomeLedger, isProven } from './outcome-ledger.ts'
import { createShoppers } from './shopper.ts'

const shopperOf = createShoppers(1)

const outcomeOf = (eventId: string, checkout: Checkout): Outcome => ({
  eventId,
  ...expectedOutcome(checkout),
  checkout,
  receivedAt: '2026-10-05T12:00:00.000Z',
  classifiedAt: '2026-10-05T12:00:00.010Z',
  source: { partition: 0, offset: 0 },
})

/** A ledger with helpers for shopper number n, whose event is `e<n>`. */
function createLedger() {
  const seen: { eventId: string; at: number }[] = []
  const ledger = createOutcomeLedger((_acceptance, { eventId }, at) => seen.push({ eventId, at }))
  const send = (n: number) => ledger.sending(shopperOf(n).id)
  const accept = (n: number, eventId: string | undefined = `e${n}`) =>
    ledger.answered(eventId, { checkout: shopperOf(n), sentAt: 0, dueAt: 0 })
  const refuse = (n: number) => ledger.answered(undefined, { checkout: shopperOf(n), sentAt: 0, dueAt: 0 })
  const outcome = (n: number, changes: Partial<Outcome> = {}, at = 5) =>
    ledger.observe({ ...outcomeOf(`e${n}`, shopperOf(n)), ...changes }, at)
  const counts = () => {
    const { examples: _, ...rest } = ledger.verdict()
    return rest
  }
  return { ledger, seen, send, accept, refuse, outcome, counts }
}

const none = { accepted: 1, single: 1, missing: 0, doubled: 0, wrongKind: 0, wrongText: 0, lookedUp: 0 }
const buyer = Array.from({ length: 100 }, (_, n) => n).find((n) => shopperOf(n).folio !== null) ?? 0

test('one right outcome after the answer', () => {
  const { ledger, seen, send, accept, outcome, counts } = createLedger()
  send(0)
  accept(0)
  expect(ledger.outstanding()).toBe(1)
  outcome(0)
  expect(ledger.outstanding()).toBe(0)
  expect(counts()).toEqual(none)
  expect(isProven(ledger.verdict())).toBe(true)
  expect(seen).toEqual([{ eventId: 'e0', at: 5 }])
})

test('an outcome before the answer counts from when it came', () => {
  const { seen, send, accept, outcome, counts } = createLedger()
  send(0)
  outcome(0, {}, 3)
  accept(0)
  expect(counts()).toEqual(none)
  expect(seen).toEqual([{ eventId: 'e0', at: 3 }])
})

test('two outcomes are a double, before, around and after the answer, counted once an event', () => {
  for (const order of ['ooa', 'oao', 'aoo', 'aooo', 'oooa']) {
    const { ledger, send, accept, outcome, counts } = createLedger()
    send(0)
    for (const step of order) {
      if (step === 'a') accept(0)
      else outcome(0)
    }
    expect(counts()).toEqual({ ...none, single: 0, doubled: 1 })
    expect(ledger.verdict().examples.doubled).toEqual(['e0'])
    expect(isProven(ledger.verdict())).toBe(false)
  }
})

test('no outcome is missing, and said by name', () => {
  const { ledger, send, accept, counts } = createLedger()
  send(0)
  accept(0)
  expect(counts()).toEqual({ ...none, single: 0, missing: 1 })
  expect(ledger.verdict().examples.missing).toEqual(['e0'])
  expect(isProven(ledger.verdict())).toBe(false)
})

test('another kind and another text are told apart', () => {
  for (const [changes, fault] of [
    [{ kind: 'unverified', message: null }, 'wrongKind'],
    [{ message: `${expectedOutcome(shopperOf(buyer)).message} ` }, 'wrongText'],
    [{ message: null }, 'wrongText'],
  ] as const) {
    const { ledger, send, accept, outcome, counts } = createLedger()
    send(buyer)
    accept(buyer)
    outcome(buyer, changes)
    expect(counts()).toEqual({ ...none, [fault]: 1 })
    expect(isProven(ledger.verdict())).toBe(false)
  }
})

test("other users' events are nothing to it, also of a customer of ours", () => {
  const { ledger, send, accept, refuse, outcome, counts } = createLedger()
  outcome(1)
  send(0)
  outcome(0, { eventId: 'foreign' })
  outcome(0, { eventId: 'foreign' })
  accept(0)
  outcome(0)
  send(2)
  outcome(2)
  refuse(2)
  expect(counts()).toEqual(none)
  expect(isProven(ledger.verdict())).toBe(true)
})

test('a customer may have several purchases on the way', () => {
  const { ledger, counts } = createLedger()
  const checkout = shopperOf(0)
  const times = { sentAt: 0, dueAt: 0 }
  ledger.sending(checkout.id)
  ledger.sending(checkout.id)
  ledger.observe(outcomeOf('second', checkout), 1)
  ledger.answered('first', { checkout, ...times })
  ledger.answered('second', { checkout, ...times })
  ledger.observe(outcomeOf('first', checkout), 2)
  expect(counts()).toEqual({ ...none, accepted: 2, single: 2 })
})

test('two purchases that were given one event id have lost one of them', () => {
  const { ledger, send, accept, outcome, counts } = createLedger()
  send(0)
  accept(0)
  outcome(0)
  send(1)
  accept(1, 'e0')
  expect(counts()).toEqual({ ...none, accepted: 2, single: 1, missing: 1 })
  expect(ledger.verdict().examples.missing).toEqual(['e0'])
})

test('what is looked up is held to the same, and told apart', () => {
  const { ledger, send, accept, counts } = createLedger()
  send(0)
  accept(0)
  ledger.foundByLookUp(outcomeOf('e0', shopperOf(0)))
  expect(counts()).toEqual({ ...none, lookedUp: 1 })
})
