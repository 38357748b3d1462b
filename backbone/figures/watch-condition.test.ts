import { expect, test } from 'vitest'
import { watchCondition } from './watch-condition.ts'

/** What is reported for calls with the condition (a letter, its detail) and without it (a dot). */
function reportsOf(calls: string): string[] {
  const reports: string[] = []
  let number = 0
  const call = watchCondition<string>({
    began: (detail) => reports.push(`${detail} began at ${number}`),
    ended: () => reports.push(`ended at ${number}`),
    beginsAfter: 2,
    endsAfter: 3,
  })
  for (const letter of calls) {
    call(letter === '.' ? undefined : letter)
    number++
  }
  return reports
}

test.each([
  ['a condition that lasts', 'abbb....', ['b began at 1', 'ended at 6']],
  ['one that is too short', 'a.b.c.', []],
  ['one that flaps', 'ab..c..d...', ['b began at 1', 'ended at 10']],
  ['one that comes again', 'ab...cd...', ['b began at 1', 'ended at 4', 'd began at 6', 'ended at 9']],
])('%s', (_, calls, reports) => expect(reportsOf(calls)).toEqual(reports))
