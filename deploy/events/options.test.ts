import { expect, test } from 'vitest'
import { formatCalendar, formatProblem } from './format-calendar.ts'
import { parseEventOptions } from './options.ts'

const target = 'http://127.0.0.1:8080'

test('a new event begins by the clock here, or in its zone', () => {
  const parsed = (at: string) =>
    parseEventOptions(['--at', at, '--hours', '4', '--times', '12', '--name', 'CyberDay'])
  const options = (from: string, until: string) => ({
    kind: 'options',
    options: {
      command: { action: 'add', event: { name: 'CyberDay', from, until, times: 12 } },
      target,
      keyFile: undefined,
    },
  })
  expect(parsed('2026-12-07T20:00-03:00')).toEqual(
    options('2026-12-07T23:00:00.000Z', '2026-12-08T03:00:00.000Z'),
  )
  const here = new Date(2026, 11, 7, 20)
  expect(parsed('2026-12-07T20:00')).toEqual(
    options(here.toISOString(), new Date(here.getTime() + 4 * 3_600_000).toISOString()),
  )
})

test('events are listed, and removed by their id, also at another gateway', () => {
  expect(parseEventOptions(['list', '--target', 'https://shop.example', '--key-file', 'k'])).toEqual({
    kind: 'options',
    options: { command: { action: 'list' }, target: 'https://shop.example', keyFile: 'k' },
  })
  expect(parseEventOptions(['remove', '0123456789abcdef'])).toEqual({
    kind: 'options',
    options: { command: { action: 'remove', id: '0123456789abcdef' }, target, keyFile: undefined },
  })
  expect(parseEventOptions(['-h'])).toEqual({ kind: 'help' })
})

test.each([
  [[], ['--at is required', '--hours is required', '--times is required', '--name is required']],
  [
    ['--at', 'tomorrow', '--hours', 'x', '--times', '0', '--name', 'n'],
    [
      '--at must be a time such as 2026-12-07T20:00',
      '--hours must be a number above 0',
      '--times must be a number above 0',
    ],
  ],
  [['remove'], ['remove requires the id of an event, which list shows']],
  [['delete'], ['delete is unknown: list and remove are known']],
  [['list', '--at', '2026-12-07T20:00'], ['--at is only for a new event']],
  [['list', '--target', 'shop'], ['--target must be an http or https URL']],
  [['list', '--tme', '3'], ['--tme is unknown, did you mean --times?']],
])('%j has all faults', (args, faults) => {
  expect(parseEventOptions(args)).toEqual({ kind: 'faults', faults })
})

test('answers are shown in lines', () => {
  const event = {
    id: 'a',
    name: 'CyberDay',
    from: '2026-12-07T23:00:00.000Z',
    until: '2026-12-08T03:00:00.000Z',
  }
  expect(formatCalendar({ calendar: [{ ...event, times: 12 }] })).toBe(
    'a  2026-12-07T23:00:00.000Z to 2026-12-08T03:00:00.000Z  12 times  CyberDay',
  )
  expect(formatCalendar({ calendar: [] })).toBe('no events')
  expect(
    formatProblem(422, { title: 'Invalid', errors: [{ pointer: '/until', detail: 'must be later' }] }),
  ).toBe('Invalid\nuntil must be later')
  expect(formatProblem(502, '<html>')).toBe('the system answered 502')
})
