import { expect, test } from 'vitest'
import { OptionsError, readOptions } from './options.ts'

function faultsOf(...args: string[]): string[] {
  try {
    readOptions(args)
  } catch (error) {
    if (error instanceof OptionsError) return error.faults
    throw error
  }
  return []
}

test('without options there are defaults, and another seed each time', () => {
  const [first, second] = [readOptions([]), readOptions([])]
  expect(first).toEqual({
    target: 'http://127.0.0.1:8080',
    rate: 500,
    durationMs: 30_000,
    seed: first?.seed,
    verify: true,
  })
  expect(first?.seed).not.toBe(second?.seed)
})

test('every option is read, in both forms', () => {
  const args = ['--rate', '0.5', '--duration=1m30s', '--target', 'https://shop.example/api/', '--seed', '7']
  expect(readOptions([...args, '--no-verify'])).toEqual({
    target: 'https://shop.example/api',
    rate: 0.5,
    durationMs: 90_000,
    seed: 7,
    verify: false,
  })
})

test.each([
  ['500ms', 500],
  ['1.5s', 1_500],
  ['2h', 7_200_000],
  ['1h1m1s1ms', 3_661_001],
])('the duration %s is %d ms', (text, ms) => {
  expect(readOptions(['--duration', text])?.durationMs).toBe(ms)
})

test('all faults are named at once', () => {
  const args = ['--rate', 'fast', '--duration', '30', '--target', 'ftp://x', '--seed', '-1', '--vus', '3']
  expect(faultsOf(...args, '--no-verify=no', '--rate', '5')).toEqual([
    '--vus is unknown',
    "'3' is not an option",
    '--no-verify takes no value',
    '--rate is given twice',
    "--target must be an address such as http://127.0.0.1:8080, not 'ftp://x'",
    "--rate must be a number, not 'fast'",
    "--duration must be a time such as 500ms, 30s, 1m30s or 2h, not '30'",
    "--seed must be a whole number, not '-1'",
  ])
})

test.each([
  [['--rate', '0'], '--rate must be above 0'],
  [['--rate', '100001'], '--rate must be at most 100000'],
  [['--rate', '-1'], '--rate must be a number'],
  [['--duration', '0s'], '--duration must be above 0'],
  [['--duration', ''], '--duration must be a time'],
  [['--seed', '4294967296'], '--seed must be at most 4294967295'],
  [['--seed'], '--seed needs a value'],
  [['--target', 'localhost'], '--target must be an address'],
  [['--target', 'http://user:secret@host'], '--target must have no credentials, query or fragment'],
  [['--target', 'http://host/?x=1'], '--target must have no credentials, query or fragment'],
])('%j: %s', (args, fault) => {
  const faults = faultsOf(...args)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toContain(fault)
})

test('help is given whatever else is wrong', () => {
  expect(readOptions(['--rate', 'fast', '--help'])).toBeUndefined()
})
