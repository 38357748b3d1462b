import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { flag, numberAboveZero, readSettings, SettingsError, wholeNumber } from './settings.ts'

const schema = z.object({
  BROKERS: z.string(),
  PORT: wholeNumber(0, 65_535).default(8080),
  TLS: flag.default(false),
  LEVEL: z.enum(['debug', 'info']).default('info'),
  FILE: z.string().optional(),
})

const faults = (environment: NodeJS.ProcessEnv): string[] => {
  try {
    readSettings(schema, environment)
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n')
    throw error
  }
  return []
}

test('fills in the defaults', () => {
  expect(readSettings(schema, { BROKERS: 'a:1' })).toEqual({
    BROKERS: 'a:1',
    PORT: 8080,
    TLS: false,
    LEVEL: 'info',
  })
})

test('treats an empty variable as unset', () => {
  expect(readSettings(schema, { BROKERS: 'a:1', PORT: '', TLS: '', LEVEL: '', FILE: '' })).toEqual(
    readSettings(schema, { BROKERS: 'a:1' }),
  )
  expect(faults({ BROKERS: '' })).toEqual(['BROKERS: is not set'])
})

test('ignores unknown variables', () => {
  expect(readSettings(schema, { BROKERS: 'a:1', PATH: '/bin' })).not.toHaveProperty('PATH')
})

test('reports all faults at once, one per line', () => {
  expect(faults({ PORT: '65536', TLS: 'yes', LEVEL: 'loud' })).toEqual([
    'BROKERS: is not set',
    'PORT: must be a whole number from 0 to 65535',
    'TLS: must be true, false',
    'LEVEL: must be debug, info',
  ])
})

test('does not repeat the value: it may be a secret', () => {
  const secret = 'hunter2'
  expect(faults({ BROKERS: 'a:1', PORT: secret, TLS: secret, LEVEL: secret }).join()).not.toContain(secret)
})

test('are frozen', () => {
  const settings = readSettings(schema, { BROKERS: 'a:1' })
  expect(Object.isFrozen(settings)).toBe(true)
})

describe('a whole number', () => {
  const number = wholeNumber(1, 1000)

  test.each([
    ['1', 1],
    ['1000', 1000],
    ['007', 7],
  ])('may be %s', (text, value) => {
    expect(number.parse(text)).toBe(value)
  })

  test.each(['0', '1001', '-1', '1.5', '1e2', '0x10', ' 1', '', '1_000', '9'.repeat(400)])(
    'may not be %j',
    (text) => {
      const messages = number.safeParse(text).error?.issues.map(({ message }) => message)
      expect(messages).toEqual(['must be a whole number from 1 to 1000'])
    },
  )
})

describe('a number above 0', () => {
  test.each([
    ['30', 30],
    ['0.5', 0.5],
  ])('may be %s', (text, value) => {
    expect(numberAboveZero.parse(text)).toBe(value)
  })

  test.each(['abc', '0', '-1', 'Infinity', '', '30m'])('may not be %j', (text) => {
    const messages = numberAboveZero.safeParse(text).error?.issues.map(({ message }) => message)
    expect(messages).toEqual(['must be a number above 0'])
  })
})

test.each(['yes', '1', '0', 'on', ' true', 'truthy'])('%j is neither true nor false', (text) => {
  expect(faults({ BROKERS: 'a:1', TLS: text })).toHaveLength(1)
})

test.each([
  ['true', true],
  ['TRUE', true],
  ['false', false],
])('%s is %s', (text, value) => {
  expect(readSettings(schema, { BROKERS: 'a:1', TLS: text }).TLS).toBe(value)
})
