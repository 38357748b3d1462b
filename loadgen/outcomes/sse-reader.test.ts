import { expect, test } from 'vitest'
import { createSseReader, type SseFrame } from './sse-reader.ts'

function read(...pieces: string[]): SseFrame[] {
  const frames: SseFrame[] = []
  const feed = createSseReader((frame) => frames.push(frame))
  for (const piece of pieces) feed(piece)
  return frames
}

const frame = (fields: Partial<SseFrame>): SseFrame => ({
  event: 'message',
  id: undefined,
  data: undefined,
  retry: undefined,
  ...fields,
})

const STREAM =
  'retry: 1500\nid: c0\n\nevent: notification\nid: c1\ndata: {"a":"é: 1"}\n\n: a comment\n\nid: c2\n\n'
const FRAMES = [
  frame({ retry: 1500, id: 'c0' }),
  frame({ event: 'notification', id: 'c1', data: '{"a":"é: 1"}' }),
  frame({ id: 'c2' }),
]

test('frames with data and frames that only move the id on', () => {
  expect(read(STREAM)).toEqual(FRAMES)
})

test.each(['\n', '\r\n', '\r'])('lines may end in %j, and the text may be cut anywhere', (end) => {
  const text = `${STREAM.replaceAll('\n', end)}:${end}`
  for (let cut = 0; cut <= text.length; cut++) {
    expect(read(text.slice(0, cut), text.slice(cut))).toEqual(FRAMES)
  }
  expect(read(...text.split(''))).toEqual(FRAMES)
})

test('data of several lines is joined, a field may be without a space or a value', () => {
  expect(read('data:a\ndata: b\ndata\nid:7\n\n')).toEqual([frame({ data: 'a\nb\n', id: '7' })])
})

test('a frame that was not finished is not given out', () => {
  expect(read('event: notification\nid: c1\ndata: {}\n')).toEqual([])
})

const MEBI = 1024 * 1024

test.each([
  ['line', 'x'.repeat(MEBI)],
  ['frame', `data: ${'x'.repeat(MEBI)}\n`],
])('a %s without end is given up', (_, piece) => {
  expect(() => read(...Array<string>(5).fill(piece))).toThrow('a frame of more than 4194304 characters')
})

test('many large frames are no frame without end', () => {
  expect(read(...Array<string>(10).fill(`data: ${'x'.repeat(MEBI)}\n\n`))).toHaveLength(10)
})
