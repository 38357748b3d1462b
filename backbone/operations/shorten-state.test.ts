import { expect, test } from 'vitest'
import { broadcastTicks } from './broadcast-ticks.ts'
import { shortenState } from './shorten-state.ts'
import type { OperationsTick } from './system-state.ts'
import { gateway, processor, type Simulation, simulate } from './testing/simulate.ts'

const PARTITIONS = 1_000
const partitionsFrom = (first: number, end: number, offset: (partition: number) => number) =>
  Object.fromEntries(Array.from({ length: end - first }, (_, n) => [first + n, offset(first + n)]))

/** Each partition gets 10 records a second; `lags` has those that are not classified. */
function run(system: Simulation, lags: ReadonlySet<number>, processors = ['processor-1', 'processor-2']) {
  system.run(15, (second) => {
    const end = second * 10
    const next = (partition: number) => (lags.has(partition) ? 10 : end)
    system.publish(gateway())
    if (processors.includes('processor-1'))
      system.publish(processor('processor-1', partitionsFrom(0, 500, next)))
    if (processors.includes('processor-2'))
      system.publish(processor('processor-2', partitionsFrom(500, PARTITIONS, next)))
    system.ends(partitionsFrom(0, PARTITIONS, () => end))
  })
  return system.tick()
}

const listedOf = ({ state }: OperationsTick) =>
  shortenState(state).partitions.map(({ partition }) => partition)

test('a hundred partitions are listed as they are', () => {
  const system = simulate()
  system.run(1, () =>
    system.publish(
      processor(
        'processor-1',
        partitionsFrom(0, 100, () => 0),
      ),
    ),
  )
  expect(shortenState(system.state())).toEqual(system.state())
  expect(system.state().partitions).toHaveLength(100)
})

test('of a thousand, those that are behind are listed, whatever their numbers', () => {
  const late = new Set([3, 499, 777, 999])
  const tick = run(simulate(), late)
  const listed = listedOf(tick)
  expect(listed).toHaveLength(100)
  expect(listed).toEqual(expect.arrayContaining([...late]))
  expect(listed).toEqual(listed.toSorted((a, b) => a - b))
  const { leftOut, lag } = shortenState(tick.state)
  expect(leftOut.partitions).toBe(900)
  expect(lag).toEqual(tick.state.lag)
})

test('those without an owner come before those that are only behind', () => {
  const system = simulate()
  run(system, new Set())
  const late = new Set(Array.from({ length: 500 }, (_, partition) => partition))
  const tick = run(system, late, ['processor-1'])
  expect(listedOf(tick).every((partition) => partition >= 500)).toBe(true)
})

test('what each viewer of a thousand partitions gets a second stays small, also when all are behind', async () => {
  const system = simulate()
  const tick = run(system, new Set(Array.from({ length: PARTITIONS }, (_, partition) => partition)))
  const allBelow = tick.state.partitions.flatMap(({ partition }) =>
    ['DataTopic', 'Notifications'].map((topic) => ({ topic, partition })),
  )
  const kafka = { brokers: [], belowMinIsr: allBelow, underReplicated: allBelow, at: 0 }
  const ticks = broadcastTicks({ ...tick, state: { ...tick.state, kafka } }, system.model.history())
  const next = await ticks.nextFrame(0, new AbortController().signal)
  expect(next?.frame.length).toBeLessThan(35_000)
  expect(ticks.state().length).toBeGreaterThan(200_000)
})
