import { expect, test } from 'vitest'
import type { Verdict } from './compare.ts'
import { documentedDifferences } from './documented-differences.ts'
import { findDifferences } from './find-differences.ts'
import type { Written } from './write-events.ts'

const quick: Verdict = { kind: 'quick', message: 'Estimad@ Ana', checkout: {} }
const written = (name: string): Written => ({ case: name, value: '{}', via: 'direct' })
const find = (name: string, ours?: Verdict, spark?: Verdict) =>
  findDifferences(
    new Map([['0/7', written(name)]]),
    new Map(ours ? [['0/7', ours]] : []),
    new Map(spark ? [['0/7', spark]] : []),
  )

test('equal verdicts agree', () => {
  expect(find('ordinary', quick, quick)).toMatchObject({ agreed: 1, differences: [] })
})

test('a documented difference is that of its case', () => {
  expect(find('taps as text', quick).differences).toMatchObject([
    { how: 'quick: nothing', direct: 1, gateway: 0, documented: { title: 'A number sent as text is null' } },
  ])
})

test.each([
  ['ordinary', quick, undefined],
  ['taps as text', quick, { ...quick, kind: 'slow' }],
])('the same difference in the case %s is not documented', (name, ours, spark) => {
  expect(find(name, ours, spark).differences).toMatchObject([{ documented: undefined }])
})

test('what is documented and not found is missing', () => {
  const all = documentedDifferences.flatMap(({ cases }) => Object.keys(cases))
  expect(find('ordinary', quick, quick).missing).toHaveLength(all.length)
  expect(find('taps as text', quick).missing).toHaveLength(all.length - 1)
})
