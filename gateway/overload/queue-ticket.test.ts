import { expect, test } from 'vitest'
import { createQueueTickets } from './queue-ticket.ts'

const NOW = 1_764_504_000_000
const SECRET = 'the secret of all gateways'
const holder = { owner: 'web', idempotencyKey: 'order-7' }
const tickets = (now = NOW, secret: string | undefined = SECRET) =>
  createQueueTickets({ secret, now: () => now })

test('a ticket is valid at every gateway with the same secret, for an hour', () => {
  const ticket = tickets().issue(NOW, holder)
  expect(ticket).toMatch(/^1764504000000\.[\w-]{43}$/)
  expect(tickets(NOW + 1).since(ticket, holder)).toBe(NOW)
  expect(tickets(NOW + 3_600_000).since(ticket, holder)).toBe(NOW)
  expect(tickets(NOW + 3_600_001).since(ticket, holder)).toBeUndefined()
})

test('it is valid only for its holder', () => {
  const ticket = tickets().issue(NOW, holder)
  expect(tickets().since(ticket, { ...holder, owner: 'app' })).toBeUndefined()
  expect(tickets().since(ticket, { ...holder, idempotencyKey: 'order-8' })).toBeUndefined()
  expect(tickets().since(ticket, { ...holder, customer: 'c'.repeat(24) })).toBeUndefined()
  const ofCustomer = { ...holder, customer: 'c'.repeat(24) }
  expect(tickets().since(tickets().issue(NOW, ofCustomer), ofCustomer)).toBe(NOW)
  expect(
    tickets().since(tickets().issue(NOW, ofCustomer), { ...holder, customer: 'd'.repeat(24) }),
  ).toBeUndefined()
})

test.each([
  ['an earlier time', (ticket: string) => ticket.replace('1764504000000', '1764503999999')],
  ['another signature', (ticket: string) => `${ticket.slice(0, -3)}AAA`],
  ['a truncated signature', (ticket: string) => ticket.slice(0, -1)],
  ['no signature', (ticket: string) => ticket.split('.')[0] ?? ''],
  ['nothing', () => ''],
  ['a long text', (ticket: string) => ticket.repeat(1_000)],
  ['another secret', () => tickets(NOW, 'another secret').issue(NOW, holder)],
  ['a process that has ended', () => createQueueTickets({ now: () => NOW }).issue(NOW, holder)],
  ['a time in the future', () => tickets(NOW + 10_000).issue(NOW + 10_000, holder)],
])('%s is not a valid ticket', (_, forge) => {
  expect(tickets().since(forge(tickets().issue(NOW, holder)), holder)).toBeUndefined()
})

test('without a secret it is valid in this process', () => {
  const own = createQueueTickets({ now: () => NOW })
  expect(own.since(own.issue(NOW, holder), holder)).toBe(NOW)
})
