import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'

test('missing options have defaults, and the seed is random', () => {
  const parsed = parseOptions([])
  expect(parsed).toMatchObject({
    kind: 'options',
    options: { minutes: 10, rate: 1000, faults: undefined, alone: false, json: undefined, sabotage: [] },
  })
})

test('everything can be given', () => {
  const args =
    '--minutes 1.5 --rate 50 --seed 7 --faults kill-broker,cut --alone --json out.json --sabotage no-claim'
  expect(parseOptions(args.split(' '))).toEqual({
    kind: 'options',
    options: {
      minutes: 1.5,
      rate: 50,
      seed: 7,
      faults: ['kill-broker', 'cut'],
      alone: true,
      json: 'out.json',
      sabotage: ['no-claim'],
    },
  })
})

test('all faults are reported at once', () => {
  const parsed = parseOptions([
    '--minutes',
    '0',
    '--rate',
    'x',
    '--seed',
    '--faults',
    'fire',
    '--sabotage',
    'all,x',
    'now',
    '--what',
  ])
  if (parsed.kind !== 'faults') throw new Error('no fault was reported')
  expect(parsed.faults).toEqual([
    '--seed requires a value',
    '--what is unknown',
    'now is not a flag',
    '--minutes must be a number from 1 to 1440',
    '--rate must be a whole number from 1 to 10000',
    expect.stringContaining('--faults: unknown: fire; use kill-gateway, '),
    expect.stringContaining('--sabotage: unknown: all; use '),
    expect.stringContaining('--sabotage: unknown: x; use '),
  ])
})

test.each([
  ['--minutes', '1', '0.99'],
  ['--minutes', '1440', '1441'],
  ['--rate', '1', '0'],
  ['--rate', '10000', '10001'],
  ['--rate', '500', '0.5'],
  ['--seed', '0', '1e3'],
  ['--seed', '4294967295', '4294967296'],
])('%s accepts %s, not %s', (flag, taken, refused) => {
  expect(parseOptions([flag, taken]).kind).toBe('options')
  expect(parseOptions([flag, refused]).kind).toBe('faults')
})
