import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { homePartitions, warnOfOtherCount } from './home-partitions.ts'

test.each([
  ['as many as PARTITIONS', 6, 6, undefined],
  ['a topic that grew', 9, 6, 'DataTopic has 9 partitions, PARTITIONS is 6: checkouts go to the first 6'],
  ['a topic that was created smaller', 3, 3, 'set PARTITIONS=3 for every process'],
])('%s', (_, dataPartitions, expected, warning) => {
  const log = pino({ level: 'silent' })
  const warn = vi.spyOn(log, 'warn')
  const settings = { PARTITIONS: 6, DATA_TOPIC: 'DataTopic' }
  expect(homePartitions(settings, dataPartitions)).toBe(expected)
  warnOfOtherCount(settings, dataPartitions, log)
  if (warning === undefined) expect(warn).not.toHaveBeenCalled()
  else expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(warning))
})
