import { expect, test } from 'vitest'
import { sseFrame } from './sse-frame.ts'

const text = (frame: Parameters<typeof sseFrame>[0]) => Buffer.from(sseFrame(frame)).toString()

test('has a line a field, the data last, and an empty line', () => {
  const data = Buffer.from('{"nombre":"Núñez","a":1}')
  expect(text({ event: 'notification', id: 'AQA', data })).toBe(
    'event: notification\nid: AQA\ndata: {"nombre":"Núñez","a":1}\n\n',
  )
})

test('without data is for the browser to remember, not to dispatch', () => {
  expect(text({ retry: 1_500, id: 'AQA' })).toBe('retry: 1500\nid: AQA\n\n')
  expect(text({ id: 'AQA' })).toBe('id: AQA\n\n')
})

test('passes the bytes of the data on untouched', () => {
  const data = Buffer.from([0x22, 0xff, 0x00, 0xe2, 0x80, 0xa8, 0x22])
  expect(Buffer.from(sseFrame({ data }))).toEqual(
    Buffer.concat([Buffer.from('data: '), data, Buffer.from('\n\n')]),
  )
})

test.each(['\r', '\n', '\r\n', '\n\ndata: {}'])('a field with %j would be two fields', (lineBreak) => {
  for (const field of ['event', 'id'] as const) {
    for (const value of [lineBreak, `a${lineBreak}`, `${lineBreak}b`, `a${lineBreak}b`]) {
      expect(() => sseFrame({ [field]: value })).toThrow(RangeError)
    }
  }
  expect(() => sseFrame({ id: 'a', data: Buffer.from(`{${lineBreak}}`) })).toThrow(RangeError)
})
