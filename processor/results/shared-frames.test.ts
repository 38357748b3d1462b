import { expect, test } from 'vitest'
import type { OutcomeKind } from '../../backbone/records/outcome.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'
import type { Present } from './mask-outcome.ts'
import { createSharedFrames } from './shared-frames.ts'

const readModels = createTestReadModels()
const beginning = { next: [0, 0, 0], logs: ['', '', ''] }
const all: { kinds: ReadonlySet<OutcomeKind> } = { kinds: new Set(['quick', 'slow']) }

function counting(prefix: string) {
  let presented = 0
  const present: Present = ({ json }) => {
    presented++
    return Buffer.concat([Buffer.from(prefix), json])
  }
  return { present, presented: () => presented }
}

const textOf = ({ frames }: { frames: Uint8Array }) => Buffer.from(frames).toString()

test('frames after one position are created once for any number of readers', async () => {
  const readModel = readModels.open()
  await follow(readModel, 0, range(0, 5))
  const framesFor = createSharedFrames(readModel)
  const { present, presented } = counting('')
  const chunks = range(0, 1_000).map(() => framesFor(all, present)(beginning))
  expect(new Set(chunks.map(textOf)).size).toBe(1)
  expect(textOf(chunks[0] ?? { frames: new Uint8Array() }).match(/^event: /gm)).toHaveLength(5)
  expect(presented()).toBe(5)
})

test('other permissions, filters and positions have separate frames', async () => {
  const readModel = readModels.open()
  await follow(readModel, 0, range(0, 6), (offset) => ({
    kind: offset % 2 === 0 ? 'quick' : 'slow',
    owner: offset < 3 ? 'a' : 'b',
  }))
  const framesFor = createSharedFrames(readModel)
  const [clear, masked] = [counting('clear '), counting('masked ')]
  const eventsIn = (chunk: { frames: Uint8Array }) =>
    textOf(chunk)
      .match(/event-0-\d(?=")/g)
      ?.map((id) => Number(id.at(-1)))
  const read = (filter: Parameters<typeof framesFor>[0], cursor = beginning) =>
    eventsIn(framesFor(filter, clear.present)(cursor))

  expect(read(all)).toEqual(range(0, 6))
  expect(textOf(framesFor(all, masked.present)(beginning))).not.toContain('clear')
  expect(read({ kinds: new Set(['slow']) })).toEqual([1, 3, 5])
  expect(read({ kinds: new Set(['quick']) })).toEqual([0, 2, 4])
  expect(read({ ...all, owner: 'b' })).toEqual([3, 4, 5])
  expect(read({ ...all, since: 1_004 })).toEqual([4, 5])
  expect(read({ ...all, until: 1_004 })).toEqual([0, 1, 2, 3])
  expect(read({ ...all, customer: 'f'.repeat(24) })).toBeUndefined()
  expect(read(all, { ...beginning, next: [4, 0, 0] })).toEqual([4, 5])
})

test('after an empty result, later records are found', async () => {
  const readModel = readModels.open()
  const framesAfter = createSharedFrames(readModel)(all, counting('').present)
  expect(framesAfter(beginning).frames).toHaveLength(0)
  await follow(readModel, 1, [0])
  expect(textOf(framesAfter(beginning))).toContain('event-1-0')
})

test('a recreated log has no frames of the previous one, although its offsets are the same', async () => {
  const readModel = readModels.open()
  await follow(readModel, 0, [0], () => ({ eventId: 'of-the-first' }), '')
  const framesAfter = createSharedFrames(readModel)(all, counting('').present)
  expect(textOf(framesAfter(beginning))).toContain('of-the-first')
  readModel.forget(0)
  await follow(readModel, 0, [0], () => ({ eventId: 'of-the-second' }), '')
  expect(textOf(framesAfter(beginning))).toContain('of-the-second')
})
