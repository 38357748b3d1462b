import { expect, test } from 'vitest'
import { createShoppers } from '../shoppers/shopper.ts'
import { faultsOfOutcomes } from '../verdict.ts'
import { condense, expectedOutcome, type SeenOutcome } from './expected-outcome.ts'
import { createOutcomeLedger } from './outcome-ledger.ts'

const shopperOf = createShoppers(1)

type Changes = Partial<ReturnType<typeof expectedOutcome> & { eventId: string }>

/** A ledger with helpers for shopper number n, whose event is `e<n>`. */
function createLedger() {
  const seen: { eventId: string; at: number }[] = []
  const reported = { wrong: 0, duplicated: 0 }
  const ledger = createOutcomeLedger({
    onOutcome: (_acceptance, { eventId }, at) => seen.push({ eventId, at }),
    onWrong: () => reported.wrong++,
    onDuplicated: () => reported.duplicated++,
  })
  const accept = (n: number, eventId = `e${n}`) =>
    ledger.accepted({
      eventId,
      scenario: 0,
      stage: 0,
      lane: 'purchase',
      sentAt: 0,
      dueAt: 0,
      expected: condense(expectedOutcome(shopperOf(n))),
    })
  const outcomeOf = (n: number, { eventId = `e${n}`, ...changes }: Changes = {}): SeenOutcome => ({
    eventId,
    ...condense({ ...expectedOutcome(shopperOf(n)), ...changes }),
  })
  const outcome = (n: number, changes: Changes = {}, at = 5) => ledger.observe(outcomeOf(n, changes), at)
  const verdict = () => ({ ...ledger.outcomes(), stream: { reconnects: 0, gaps: 0, unreadable: 0 } })
  const counts = () => {
    const { examples: _examples, stream: _stream, ...rest } = verdict()
    return rest
  }
  return {
    ledger,
    seen,
    reported,
    accept,
    outcomeOf,
    outcome,
    counts,
    proven: () => faultsOfOutcomes(verdict()).length === 0,
  }
}

const right = {
  accepted: 1,
  single: 1,
  lost: 0,
  unknown: 0,
  duplicated: 0,
  wrongKind: 0,
  wrongText: 0,
  lookedUp: 0,
}
const buyer = Array.from({ length: 100 }, (_, n) => n).find((n) => shopperOf(n).folio !== null) ?? 0

test('one right outcome after the answer', () => {
  const { ledger, seen, accept, outcome, counts, proven } = createLedger()
  accept(0)
  expect(ledger.outstanding()).toBe(1)
  outcome(0)
  expect(ledger.outstanding()).toBe(0)
  expect(counts()).toEqual(right)
  expect(proven()).toBe(true)
  expect(seen).toEqual([{ eventId: 'e0', at: 5 }])
})

test('an outcome before the answer counts from when it came', () => {
  const { seen, accept, outcome, counts } = createLedger()
  outcome(0, {}, 3)
  accept(0)
  expect(counts()).toEqual(right)
  expect(seen).toEqual([{ eventId: 'e0', at: 3 }])
})

test('two outcomes are a double, before, around and after the answer, counted once an event', () => {
  for (const order of ['ooa', 'oao', 'aoo', 'aooo', 'oooa']) {
    const { ledger, reported, accept, outcome, counts, proven } = createLedger()
    for (const step of order) {
      if (step === 'a') accept(0)
      else outcome(0)
    }
    expect(counts(), order).toEqual({ ...right, single: 0, duplicated: 1 })
    expect(reported).toEqual({ wrong: 0, duplicated: 1 })
    expect(ledger.outcomes().examples.duplicated).toEqual(['e0'])
    expect(proven()).toBe(false)
  }
})

test('without an outcome it is unknown, until it is declared lost and said by name', () => {
  const { ledger, accept, counts, proven } = createLedger()
  accept(0)
  expect(counts()).toEqual({ ...right, single: 0, unknown: 1 })
  expect(proven()).toBe(false)
  ledger.declareLost('e0')
  ledger.declareLost('stranger')
  expect(counts()).toEqual({ ...right, single: 0, lost: 1 })
  expect(Array.from(ledger.lost(), ({ eventId }) => eventId)).toEqual(['e0'])
  expect(ledger.outcomes().examples.lost).toEqual(['e0'])
  expect(proven()).toBe(false)
})

test('wrong kind and wrong text are distinguished', () => {
  const { message } = expectedOutcome(shopperOf(buyer))
  for (const [changes, fault] of [
    [{ kind: 'unverified', message: null }, 'wrongKind'],
    [{ message: `${message} ` }, 'wrongText'],
    [{ message: null }, 'wrongText'],
  ] as const) {
    const { reported, accept, outcome, counts, proven } = createLedger()
    accept(buyer)
    outcome(buyer, changes)
    expect(counts()).toEqual({ ...right, [fault]: 1 })
    expect(reported.wrong).toBe(1)
    expect(proven()).toBe(false)
  }
})

test("other users' events are nothing to it, once or twice", () => {
  const { accept, outcome, counts, proven } = createLedger()
  outcome(1)
  outcome(0, { eventId: 'foreign' })
  accept(0)
  outcome(0, { eventId: 'foreign' })
  outcome(0)
  expect(counts()).toEqual(right)
  expect(proven()).toBe(true)
})

test('two purchases that were given one event id have lost one of them', () => {
  const { ledger, accept, outcome, counts } = createLedger()
  accept(0)
  outcome(0)
  accept(1, 'e0')
  expect(counts()).toEqual({ ...right, accepted: 2, lost: 1 })
  expect(ledger.outcomes().examples.lost).toEqual(['e0'])
})

test('looked-up outcomes are judged in the same way, and counted separately', () => {
  const { ledger, seen, accept, outcomeOf, counts } = createLedger()
  accept(0)
  ledger.foundByLookUp(outcomeOf(0))
  ledger.foundByLookUp(outcomeOf(1))
  expect(counts()).toEqual({ ...right, lookedUp: 1 })
  expect(seen).toEqual([])
})

test('an unknown event does not displace an early outcome', () => {
  const { accept, outcome, counts } = createLedger()
  outcome(0, {}, 1_000)
  // The second generation begins: the first is kept once more.
  for (let n = 0; n < 10; n++) outcome(0, { eventId: `stranger-${n}` }, 62_000)
  accept(0)
  expect(counts()).toEqual(right)
})
