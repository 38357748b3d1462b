import { describe, expect, test } from 'vitest'
import { ProblemError } from '../../backbone/problem.ts'
import { createTestRandom } from '../testing/random.ts'
import {
  type Cursor,
  decodeCursor,
  decodeDescendingCursor,
  encodeCursor,
  encodeDescendingCursor,
} from './cursor.ts'

const { below, bytes, chance, oneOf } = createTestRandom()

const randomOffset = () => {
  const largest = Math.min(2 ** below(54), Number.MAX_SAFE_INTEGER)
  return oneOf(0, largest, largest - 1, below(largest))
}
const randomCursor = (): Cursor => {
  const partitions = below(oneOf(2, 13, 200))
  return {
    next: Array.from({ length: partitions }, randomOffset),
    logs: Array.from({ length: partitions }, () =>
      chance(0.3) ? '' : (1 + below(2 ** 32 - 1)).toString(16).padStart(8, '0'),
    ),
  }
}
const cursors = Array.from({ length: 1_000 }, randomCursor)
const cursorOf = (partitions: number): Cursor => ({
  next: Array.from({ length: partitions }, randomOffset),
  logs: Array.from({ length: partitions }, () => 'deadbeef'),
})
const text = (...parts: number[]) => Buffer.from(parts).toString('base64url')

function refused(given: string) {
  let error: unknown
  try {
    decodeCursor(given)
  } catch (thrown) {
    error = thrown
  }
  expect(error, JSON.stringify(given)).toBeInstanceOf(ProblemError)
  expect(error).toMatchObject({ code: 'invalid-request' })
}

test('is decoded to the same value', () => {
  expect(cursors.map((cursor) => decodeCursor(encodeCursor(cursor)))).toEqual(cursors)
})

test('is one line that needs no escaping in URLs and frames', () => {
  expect(cursors.map(encodeCursor).filter((line) => !/^[\w-]+$/.test(line))).toEqual([])
})

test('has the format of the first version, so that clients may keep it', () => {
  const written = text(1, 3, 0, 0, 0, 0, 0, 0xac, 0x02, 0xde, 0xad, 0xbe, 0xef, 0x7f, 0, 0, 0, 1)
  const cursor = { next: [0, 300, 127], logs: ['', 'deadbeef', '00000001'] }
  expect(encodeCursor(cursor)).toBe(written)
  expect(decodeCursor(written)).toEqual(cursor)
})

test('supports the maximum number of partitions, and no more', () => {
  const largest = cursorOf(2_048)
  expect(decodeCursor(encodeCursor(largest))).toEqual(largest)
  refused(encodeCursor(cursorOf(2_049)))
})

describe('is refused', () => {
  const valid = [1, 2, 5, 0xde, 0xad, 0xbe, 0xef, 0xac, 0x02, 0, 0, 0, 7]

  test('truncated at any position', () => {
    expect(decodeCursor(text(...valid)).next).toEqual([5, 300])
    for (let length = 0; length < valid.length; length++) refused(text(...valid.slice(0, length)))
    for (const cursor of cursors.slice(0, 300)) {
      const whole = encodeCursor(cursor)
      refused(whole.slice(0, below(whole.length)))
    }
  })

  test.each([
    ['with bytes after it', text(...valid, 0)],
    ['of no version', text(0, ...valid.slice(1))],
    ['of another version', text(3, ...valid.slice(1))],
    ['of the other order', text(2, ...valid.slice(1))],
    ['with a number in more bytes than it takes', text(1, 1, 0x85, 0x00, 0xde, 0xad, 0xbe, 0xef)],
    ['with a count in more bytes than it takes', text(1, 0x81, 0x00, 5, 0xde, 0xad, 0xbe, 0xef)],
    ['with a huge count', text(1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['with a count that does not end', text(1, ...Array.from({ length: 50 }, () => 0xff))],
    ['with a huge count and nothing after it', text(1, 0x80, 0x10)],
    [
      'with an offset no one can have',
      text(1, 1, ...Array.from({ length: 7 }, () => 0xff), 0x1f, 0, 0, 0, 1),
    ],
    [
      'with the first offset that is too large',
      text(1, 1, ...Array.from({ length: 7 }, () => 0x80), 0x10, 0, 0, 0, 1),
    ],
    ['with an offset that does not end', text(1, 1, ...Array.from({ length: 9 }, () => 0xff), 0, 0, 0, 0, 1)],
    ['with padding', `${text(1, 0)}=`],
    ['with bits that mean nothing', 'AQB'],
    ['in the other alphabet', Buffer.from([1, 1, 0xbe, 0xfb, 0xff, 1, 2, 3]).toString('base64')],
    ['with a line break', `${text(...valid)}\n`],
    ['with white space before it', ` ${text(...valid)}`],
    ['with something of another alphabet in it', `${text(...valid)}ñ`],
    ['that is empty', ''],
    ['that is a number', '42'],
  ])('%s', (_, given) => {
    refused(given)
  })
})

const bytewise = () => bytes(below(60)).toString('base64url')

test('thousands of random texts are decoded or rejected', () => {
  const alphabet = 'ABab019-_+/= \n\u0000\r"%ñ€𝕊\ud800'
  const mutated = () => {
    const whole = encodeCursor(oneOf(cursorOf(0), ...cursors))
    const at = below(whole.length)
    return whole.slice(0, at) + (alphabet[below(alphabet.length)] ?? '') + whole.slice(at + below(3))
  }
  const garbled = () => Array.from({ length: below(40) }, () => alphabet[below(alphabet.length)]).join('')
  const answers = { decoded: 0, refused: 0 }
  for (let i = 0; i < 10_000; i++) {
    const given = oneOf(mutated, garbled, bytewise)()
    try {
      if (encodeCursor(decodeCursor(given)) !== given) expect.fail(`${given} was taken for another`)
      answers.decoded += 1
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== 'invalid-request') throw error
      answers.refused += 1
    }
  }
  expect(answers.decoded).toBeGreaterThan(0)
  expect(answers.refused).toBeGreaterThan(5_000)
})

describe('the cursor of order=desc', () => {
  const descending = cursors.map(({ next, logs }) => ({ before: next, first: next.map(randomOffset), logs }))
  const refusedDescending = (given: string) =>
    expect(() => decodeDescendingCursor(given), JSON.stringify(given)).toThrow(ProblemError)

  test('is decoded to the same value', () => {
    expect(descending.map((cursor) => decodeDescendingCursor(encodeDescendingCursor(cursor)))).toEqual(
      descending,
    )
  })

  test('is refused truncated, extended, and as the cursor of order=asc', () => {
    for (const cursor of descending.slice(0, 300)) {
      const whole = encodeDescendingCursor(cursor)
      refused(whole)
      refusedDescending(whole.slice(0, below(whole.length)))
      refusedDescending(`${whole}AA`)
    }
    for (const cursor of cursors.slice(0, 300)) refusedDescending(encodeCursor(cursor))
  })

  test('supports the maximum number of partitions, and no more', () => {
    const of = (partitions: number) => {
      const { next, logs } = cursorOf(partitions)
      return { before: next, first: next, logs }
    }
    const largest = of(2_048)
    expect(decodeDescendingCursor(encodeDescendingCursor(largest))).toEqual(largest)
    refusedDescending(encodeDescendingCursor(of(2_049)))
  })
})
