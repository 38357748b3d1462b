import { expect, test } from 'vitest'
import { readArguments } from './read-arguments.ts'

const flags = { single: ['rate', 'max-vus'], repeated: ['tag'], bare: ['quiet', 'help'] }

test.each([
  ['--rat', '--rat is unknown, did you mean --rate?'],
  ['--max_vus=3', '--max_vus is unknown, did you mean --max-vus?'],
  ['--Quiet', '--Quiet is unknown, did you mean --quiet?'],
  ['-rate', '-r is unknown, did you mean --rate?'],
  ['--colour', '--colour is unknown'],
  ['-x', '-x is unknown'],
])('%s: %s', (arg, fault) => {
  expect(readArguments([arg], flags).faults).toEqual([fault])
})

test.each(['--help', '-h'])('%s asks for help', (arg) => {
  expect(readArguments([arg], flags).given.has('help')).toBe(true)
})
