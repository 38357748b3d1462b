import { describe, expect, test } from 'vitest'
import { ProblemError } from '../backbone/problem.ts'
import { parseNotificationsQuery } from './notifications-query.ts'

function faultsOf(parameters: Record<string, string>): string[] {
  try {
    parseNotificationsQuery(parameters)
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemError)
    expect(error).toMatchObject({ code: 'invalid-request' })
    return (error as ProblemError).message.split('; ')
  }
  return []
}

test('asks for notifications, a hundred of them, when it says nothing', () => {
  expect(parseNotificationsQuery({})).toEqual({
    filter: { kinds: new Set(['quick', 'slow']) },
    limit: 100,
    cursor: undefined,
    from: undefined,
  })
})

test('takes all of its parameters', () => {
  const parameters = {
    kind: 'none,invalid',
    customer: '062292FD7B7E3E688F29418E',
    since: '2025-11-26T00:00:00Z',
    until: '2025-11-26T00:00:00.500-03:00',
    limit: '1000',
    cursor: 'AQA',
    from: 'earliest',
  }
  expect(parseNotificationsQuery(parameters)).toEqual({
    filter: {
      kinds: new Set(['none', 'invalid']),
      customer: '062292fd7b7e3e688f29418e',
      since: Date.UTC(2025, 10, 26),
      until: Date.UTC(2025, 10, 26, 3, 0, 0, 500),
    },
    limit: 1_000,
    cursor: 'AQA',
    from: 'earliest',
  })
})

test('names everything that is wrong with it at once', () => {
  const faults = faultsOf({
    kind: 'quick,rapido',
    customer: 'yo',
    since: 'ayer',
    until: '2025-11-26T00:00:00',
    limit: '0',
    from: 'later',
  })
  expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
    'kind',
    'customer',
    'since',
    'until',
    'limit',
    'from',
  ])
})

describe('refuses', () => {
  test.each(['0', '-1', '1001', '1.5', 'NaN', 'ten', '', ' ', '1e9', 'Infinity'])('the limit %j', (limit) => {
    expect(faultsOf({ limit })).toEqual([expect.stringMatching(/^limit /)])
  })

  test.each(['', 'quick,', 'Quick', 'quick, slow', 'quick;slow', 'all', '__proto__'])(
    'the kind %j',
    (kind) => {
      expect(faultsOf({ kind }).every((fault) => fault.startsWith('kind must be of none, quick'))).toBe(true)
      expect(faultsOf({ kind })).not.toEqual([])
    },
  )

  test.each(['2025-11-26', '2025-02-30T00:00:00Z', '1764115200000', '2025-11-26T25:00:00Z', ''])(
    'the time %j',
    (since) => {
      expect(faultsOf({ since })).toEqual(['since must be a time in ISO 8601 with a zone'])
    },
  )

  test.each(['0'.repeat(23), '0'.repeat(25), 'g'.repeat(24), `${'0'.repeat(24)}\n`])(
    'the customer %j',
    (customer) => {
      expect(faultsOf({ customer })).toEqual(['customer must be 24 hexadecimal digits'])
    },
  )
})
