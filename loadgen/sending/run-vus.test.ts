import { expect, test, vi } from 'vitest'
import { now } from '../clock.ts'
import { runVus } from './run-vus.ts'
import { createVuSchedule } from './vu-schedule.ts'

const stage = (index: number, from: number, to: number, startMs: number, endMs: number) => ({
  from,
  to,
  startMs,
  endMs,
  durationMs: endMs - startMs,
  stage: index,
})

function start(segments: ReturnType<typeof stage>[], thinkMs: number) {
  const run = vi.fn(async () => true)
  const ended = runVus(
    {
      schedule: createVuSchedule(segments),
      startAt: now(),
      vus: [0, 1],
      iterations: Array.from({ length: 1_000 }, (_, n) => n).values(),
      thinkMs: () => thinkMs,
      run,
    },
    new AbortController().signal,
  )
  return { run, ended }
}

test('thinking does not outlast the load', async () => {
  const { run, ended } = start([stage(0, 2, 2, 0, 3_000)], 3_600_000)
  await ended
  expect(run).toHaveBeenCalledTimes(2)
})

test('a VU that was inactive during its think time continues when it is active', async () => {
  const { run, ended } = start([stage(0, 2, 2, 0, 20), stage(1, 0, 0, 20, 60), stage(2, 2, 2, 60, 80)], 30)
  await ended
  expect(run.mock.calls.map((call: unknown[]) => call[2])).toEqual([0, 0, 2, 2])
})
