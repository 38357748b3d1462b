import { expect, test } from 'vitest'
import { readFlagValues, repeatedFlags, singleFlags } from './flag-values.ts'

function faultsOf(flag: string, value: string): string[] {
  const faults: string[] = []
  readFlagValues(new Map([[flag, [value]]]), faults)
  return faults
}

const WORDS = ['', ' ', 'fast', '-1', '+1', '1e3', '.5', '5.', 'NaN', 'Infinity', '0x10', '1,5', '5 ']
const TIMES = ['', '30', '-1s', '5 s', '1s30', 's', '1.s', '30S']

/**
 * For every flag with a value: the allowed values of its fault, an invalid value, and a valid one at the
 * bound.
 */
const flags: Record<string, { allowed: string; bad: readonly string[]; good: readonly string[] }> = {
  target: {
    allowed: 'an address such as http://127.0.0.1:8080, without credentials, query or fragment',
    bad: ['', 'localhost', 'ftp://host', 'http://user:secret@host', 'http://host/?x=1', 'http://host/#x'],
    good: ['http://127.0.0.1:8080', 'https://shop.example/api/'],
  },
  executor: {
    allowed: 'one of constant-arrival-rate, ramping-arrival-rate, constant-vus, ramping-vus',
    bad: ['', 'constant', 'per-vu-iterations', 'Constant-vus'],
    good: ['constant-arrival-rate', 'ramping-vus'],
  },
  rate: {
    allowed: 'a number above 0, at most 100000',
    bad: [...WORDS, '0', '0.0', '100000.1', '100001'],
    good: ['0.001', '2.5', '100000'],
  },
  vus: {
    allowed: 'a whole number from 1 to 10000',
    bad: [...WORDS, '0', '1.5', '10001'],
    good: ['1', '10000'],
  },
  'max-vus': {
    allowed: 'a whole number from 1 to 10000',
    bad: [...WORDS, '0', '1.5', '10001'],
    good: ['1', '10000'],
  },
  duration: {
    allowed: 'a time of at least 1ms, such as 500ms, 30s, 1m30s or 2h, or forever',
    bad: [...TIMES, '0s', '0.9ms', 'Forever'],
    good: ['1ms', '1m30s', 'forever', '100d'],
  },
  'think-time': {
    allowed: 'a time above 0 and at most 24d, such as 500ms, 30s, 1m30s or 2h',
    bad: [...TIMES, '0s', '25d', 'forever'],
    good: ['0.5ms', '24d'],
  },
  timeout: {
    allowed: 'a time above 0 and at most 24d, such as 500ms, 30s, 1m30s or 2h',
    bad: [...TIMES, '0ms', '600h', 'forever'],
    good: ['1ms', '576h'],
  },
  attempts: {
    allowed: 'a whole number from 1 to 100',
    bad: [...WORDS, '0', '2.5', '101'],
    good: ['1', '100'],
  },
  seed: {
    allowed: 'a whole number from 0 to 4294967295',
    bad: [...WORDS, '0.5', '4294967296'],
    good: ['0', '4294967295'],
  },
  workers: { allowed: 'a whole number from 1 to 64', bad: [...WORDS, '0', '65'], good: ['1', '64'] },
  buyers: { allowed: 'a number from 0 to 1', bad: [...WORDS, '1.01'], good: ['0', '0.5', '1'] },
  slow: { allowed: 'a number from 0 to 1', bad: [...WORDS, '2'], good: ['0', '1'] },
  returning: { allowed: 'a number from 0 to 1', bad: [...WORDS, '50%'], good: ['0', '1'] },
  zipf: { allowed: 'a number from 0 to 4', bad: [...WORDS, '4.1'], good: ['0', '4'] },
  path: { allowed: 'a number from 0 to 1', bad: [...WORDS, '1.01'], good: ['0', '0.5', '1'] },
  locales: {
    allowed: 'a list of es, es_MX, en, pt_BR, fr, de',
    bad: ['', 'xx', 'es,xx', 'es,', 'ES'],
    good: ['es', 'es_MX,de'],
  },
  pace: { allowed: 'recorded', bad: ['', 'slow', 'Recorded'], good: ['recorded'] },
  speed: {
    allowed: 'a number above 0, at most 1000',
    bad: [...WORDS, '0', '2x', '1001'],
    good: ['0.5', '1000'],
  },
  'key-file': { allowed: 'a path', bad: [''], good: ['key'] },
  record: { allowed: 'a path', bad: [''], good: ['shoppers'] },
  replay: { allowed: 'a path', bad: [''], good: ['a.ndjson'] },
  'summary-export': { allowed: 'a path', bad: [''], good: ['a.json'] },
  report: { allowed: 'a path', bad: [''], good: ['a.html'] },
  stage: {
    allowed: 'TIME:N such as 30s:500, with N from 0 to 100000',
    bad: ['', '30s', '10:5', '10s:-1', 'forever:5', '10s:200000', '10s:x'],
    good: ['30s:500', '0s:0', '1m30s:0.5'],
  },
  threshold: {
    allowed: "METRIC:EXPRESSION such as 'http_req_duration:p(99)<250'",
    bad: ['', 'p(99)<250', 'lost:'],
    good: ['lost:count==0'],
  },
  tag: { allowed: 'NAME=VALUE such as release=1.2', bad: ['', 'release', '=1'], good: ['a=b', 'a='] },
}

test('the table has every flag that takes a value', () => {
  const all = [...Object.keys(singleFlags.shape), ...Object.keys(repeatedFlags.shape)]
  expect(Object.keys(flags).toSorted()).toEqual(all.toSorted())
})

test.each(Object.entries(flags))('--%s says what is allowed', (flag, { allowed, bad, good }) => {
  for (const value of bad)
    expect(faultsOf(flag, value)).toEqual([`--${flag} must be ${allowed}, not '${value}'`])
  for (const value of good) expect(faultsOf(flag, value)).toEqual([])
})
