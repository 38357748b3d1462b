import { expect, test } from 'vitest'
import { jsonOfLetter } from './letter-checkout.ts'

const refusalOf = (payload: Parameters<typeof jsonOfLetter>[0]['payload']) => {
  try {
    return jsonOfLetter({ payload })
  } catch (error) {
    return (error as { errors?: unknown }).errors ?? error
  }
}

test('what the processor could read as JSON is read, with a byte order mark, too', () => {
  expect(jsonOfLetter({ payload: { text: '{"id":1}' } })).toEqual({ id: 1 })
  expect(jsonOfLetter({ payload: { text: '\uFEFF{"id":1}' } })).toEqual({ id: 1 })
})

test.each([
  [undefined, 'missing'],
  [null, 'missing'],
  [{ base64: '//4=' }, 'format'],
  [{ text: 'no JSON' }, 'format'],
  [{ text: '' }, 'format'],
])('%j is not', (payload, code) => {
  expect(JSON.stringify(refusalOf(payload))).toContain(`"code":"${code}"`)
})
