import { expect, test } from 'vitest'
import { file, helpOf, readFlags, someOf, wholeNumber } from './flags.ts'

const flags = {
  rounds: wholeNumber('rounds of each', 5, { most: 60 }),
  records: wholeNumber('records to drain', 1_000_000),
  only: someOf('only these', ['drain', 'delay', 'durable']),
  json: file('writes it there, too'),
}

test('missing flags have the defaults of the help', () => {
  expect(readFlags([], flags)).toEqual({
    rounds: 5,
    records: 1_000_000,
    only: ['drain', 'delay', 'durable'],
    json: undefined,
  })
})

test('what is given counts', () => {
  const given = ['--rounds', '60', '--only', 'durable,drain', '--json', 'a.json']
  expect(readFlags(given, flags)).toMatchObject({ rounds: 60, only: ['drain', 'durable'], json: 'a.json' })
})

test.each([
  [['--only', 'drain,fast'], '--only unknown: fast; use drain, delay, durable'],
  [['--rounds', '0'], '--rounds must be a whole number, from 1 to 60'],
  [['--rounds', '61'], '--rounds must be a whole number, from 1 to 60'],
  [['--records', '0'], '--records must be a whole number, at least 1'],
  [['--records', '1e3.5'], '--records must be a whole number, at least 1'],
  [['--fast'], '--fast is unknown'],
  [['--round', '3'], '--round is unknown, did you mean --rounds?'],
  [['drain'], 'drain is not a flag'],
  [['--json'], '--json requires a value'],
])('%j is refused', (args, message) => {
  expect(() => readFlags(args, flags)).toThrow(message)
})

test('--help takes precedence over faults', () => {
  expect(readFlags(['--rounds', 'many', '--help'], flags)).toBe('help')
  expect(readFlags(['-h'], flags)).toBe('help')
  expect(helpOf('npm run bench', 'Measures.', flags)).toBe(`Measures.

  npm run bench -- [flags]

  --rounds N   rounds of each (5)
  --records N  records to drain (1000000)
  --only a,b   only these: drain, delay, durable
  --json FILE  writes it there, too
  -h, --help   this text
`)
})
