import { expect, test } from 'vitest'
import { parseRecoveryPointOptions } from './options.ts'

const SITES = ['--from', 'kafka.onprem.example:9092', '--to', 'kafka.cloud.example:9092']

test('needs both sites, and may begin at a time', () => {
  const options = {
    from: 'kafka.onprem.example:9092',
    to: 'kafka.cloud.example:9092',
    since: undefined,
    allTopics: false,
  }
  expect(parseRecoveryPointOptions(SITES)).toEqual({ kind: 'options', options })
  expect(parseRecoveryPointOptions([...SITES, '--since', '2026-11-30T20:00:00-03:00'])).toEqual({
    kind: 'options',
    options: { ...options, since: Date.UTC(2026, 10, 30, 23) },
  })
  expect(parseRecoveryPointOptions([...SITES, '--all-topics'])).toEqual({
    kind: 'options',
    options: { ...options, allTopics: true },
  })
  expect(parseRecoveryPointOptions(['-h'])).toEqual({ kind: 'help' })
})

test('reports all faults at once', () => {
  expect(parseRecoveryPointOptions(['all', '--from', 'onprem', '--since', '2026-11-30T20:00'])).toEqual({
    kind: 'faults',
    faults: [
      'all is not a flag',
      '--from must be host:port',
      '--to must be host:port',
      '--since must be a time with a zone such as 2026-11-30T20:00:00Z',
    ],
  })
})
