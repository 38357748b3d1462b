import { afterEach, expect, test, vi } from 'vitest'
import { startProcessor, type TestProcessor } from '../testing/processor.ts'
import { requestResults } from './fetch-results.ts'

let processor: TestProcessor
afterEach(() => processor.stop())

const ask = (path: string, answerWithinMs: number) =>
  requestResults(processor.url + path, {
    method: 'GET',
    headers: {},
    signal: new AbortController().signal,
    answerWithinMs,
  })

test('waits for an answer until its timeout, then disconnects', async () => {
  const disconnected = vi.fn()
  processor = await startProcessor((request, response) => {
    if (request.url === '/late') setTimeout(() => response.end(), 100)
    else response.on('close', disconnected)
  })
  const late = await ask('/late', 5_000)
  late.resume()
  expect(late.statusCode).toBe(200)
  await expect(ask('/never', 100)).rejects.toThrow('no response in time')
  await vi.waitFor(() => expect(disconnected).toHaveBeenCalled())
})

test('once there is an answer, its body may take longer', async () => {
  processor = await startProcessor((_, response) => {
    response.write('a')
    setTimeout(() => response.end('b'), 300)
  })
  let text = ''
  for await (const chunk of await ask('/', 100)) text += String(chunk)
  expect(text).toBe('ab')
})
