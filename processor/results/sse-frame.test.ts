import { expect, test } from 'vitest'
import { sseFrame } from './sse-frame.ts'

const text = (frame: Parameters<typeof sseFrame>[0]) => Buffer.from(sseFrame(frame)).toString()

test('has one line per field, the id last, and an empty line', () => {
  const data = Buffer.from('{"nombre":"Núñez","a":1}')
  expect(text({ event: 'notification', id: 'AQA', data })).toBe(
    'event: notification\ndata: {"nombre":"Núñez","a":1}\nid: AQA\n\n',
  )
})

test('may say when to reconnect', () => {
  const data = Buffer.from('{}')
  expect(text({ retry: 1_500, event: 'checkpoint', id: 'AQA', data })).toBe(
    'retry: 1500\nevent: checkpoint\ndata: {}\nid: AQA\n\n',
  )
})

test('keeps the bytes of the data', () => {
  const data = Buffer.from([0x22, 0xff, 0x00, 0xe2, 0x80, 0xa8, 0x22])
  expect(Buffer.from(sseFrame({ event: 'notification', id: 'AQA', data }))).toEqual(
    Buffer.concat([Buffer.from('event: notification\ndata: '), data, Buffer.from('\nid: AQA\n\n')]),
  )
})

test.each(['\r', '\n', '\r\n', '\n\ndata: {}'])('a field with %j would be two fields', (lineBreak) => {
  const frame = { event: 'notification', id: 'AQA', data: Buffer.from('{}') }
  for (const field of ['event', 'id'] as const) {
    for (const value of [lineBreak, `a${lineBreak}`, `${lineBreak}b`, `a${lineBreak}b`]) {
      expect(() => sseFrame({ ...frame, [field]: value })).toThrow(RangeError)
    }
  }
  expect(() => sseFrame({ ...frame, data: Buffer.from(`{${lineBreak}}`) })).toThrow(RangeError)
})
