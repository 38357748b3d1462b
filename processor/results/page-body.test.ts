import { afterEach, expect, test, vi } from 'vitest'
import { bodyOf } from './page-body.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** A list of one item that is found after so many seconds, of which nothing can be read before. */
function searchFor(seconds: number) {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('[')
    for (let second = 0; second < seconds; second++) {
      now += 1_000
      yield Buffer.alloc(0)
    }
    yield Buffer.from('1')
    yield Buffer.from(']')
  }
  return { body: bodyOf(pieces()), seconds: () => now / 1_000 }
}

async function textsOf(body: Awaited<ReturnType<typeof bodyOf>>): Promise<string[]> {
  const texts: string[] = []
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>)
    texts.push(Buffer.from(piece).toString())
  return texts
}

test('a page without a long search is one piece', async () => {
  expect(Buffer.from((await searchFor(0).body) as Uint8Array).toString()).toBe('[1]')
})

test('the answer begins after a second of search, and is never silent for longer than five', async () => {
  const { body, seconds } = searchFor(22)
  const streamed = await body
  expect(seconds()).toBe(1)
  const texts = await textsOf(streamed)
  expect(texts).toEqual(['[', ' ', ' ', ' ', ' ', '1', ']'])
  expect(JSON.parse(texts.join(''))).toEqual([1])
})
