import { expect, test } from 'vitest'
import { splitBytes } from './split-bytes.ts'

async function pieces(...chunks: string[]) {
  const found: string[] = []
  const stream = (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk)
  })()
  await splitBytes(stream, ';'.charCodeAt(0), (piece) => found.push(piece.toString()))
  return found
}

test('pieces are the same however the chunks fall', async () => {
  const expected = ['one', 'two', '', 'three']
  expect(await pieces('one;two;;three')).toEqual(expected)
  expect(await pieces('o', 'ne', ';tw', 'o;', ';thr', 'e', 'e;')).toEqual(expected)
  expect(await pieces(...'one;two;;three;'.split(''))).toEqual(expected)
})

test('nothing has no piece', async () => {
  expect(await pieces()).toEqual([])
})

test('an error of the consumer ends it', async () => {
  const stream = (async function* () {
    yield Buffer.from('one;')
  })()
  const failing = splitBytes(stream, ';'.charCodeAt(0), () => {
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
})
