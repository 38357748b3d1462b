import { expect, test } from 'vitest'
import { formatStatus } from './format-status.ts'
import type { ProcessStatus } from './probe.ts'

const MINUTE_MS = 60_000
const well: ProcessStatus = {
  name: 'processor-1',
  port: 8090,
  pid: 4242,
  health: 'ready',
  lag: 0,
  uptimeMs: 3 * MINUTE_MS,
  restarts: 0,
  remarks: [],
}

test('one table, and that all is well', () => {
  const kafka: ProcessStatus = {
    ...well,
    name: 'kafka-1',
    port: 9092,
    lag: undefined,
    uptimeMs: 125 * MINUTE_MS,
  }
  expect(formatStatus([kafka, well], '127.0.0.1:9092')).toBe(`\
process      port  pid   health  lag  up     restarts
kafka-1      9092  4242  ready   -    2 h    0
processor-1  8090  4242  ready   0    3 min  0

Kafka 127.0.0.1:9092; all is well`)
})

test('problems are shown once, in lines of at most 80 columns', () => {
  const remark =
    'the read model is 1,234 records behind the log, and catches up by itself; see docs/guides/operations.md'
  const unhealthy: ProcessStatus[] = [
    { ...well, health: 'not ready', lag: 1_234_567, remarks: [remark, remark] },
    { ...well, name: 'processor-2', pid: undefined, health: 'exited', lag: undefined, restarts: 4 },
  ]
  expect(formatStatus(unhealthy, 'kafka:9092')).toBe(`\
process      port  pid   health     lag        up     restarts
processor-1  8090  4242  not ready  1,234,567  3 min  0
processor-2  8090  -     exited     -          -      4

processor-1: the read model is 1,234 records behind the log, and catches up by
  itself; see docs/guides/operations.md
Kafka kafka:9092; 2 of 2 need attention`)
})
