import { expect, test } from 'vitest'
import { jsonOfLetter } from './letter-checkout.ts'

const refusalOf = (letter: Parameters<typeof jsonOfLetter>[0]) => {
  try {
    return jsonOfLetter(letter)
  } catch (error) {
    return (error as { errors?: unknown }).errors ?? error
  }
}

test('what the processor could read as JSON is read, with a byte order mark, too', () => {
  expect(jsonOfLetter({ payload: { text: '{"id":1}' } })).toEqual({ id: 1 })
  expect(jsonOfLetter({ payload: { text: '\uFEFF{"id":1}' } })).toEqual({ id: 1 })
})

test.each([
  [{}, 'missing'],
  [{ payload: null }, 'missing'],
  [{ payload: { base64: '//4=' } }, 'format'],
  [{ payload: { text: 'no JSON' } }, 'format'],
  [{ payload: { text: '' } }, 'format'],
])('%j is not', (letter, code) => {
  expect(JSON.stringify(refusalOf(letter))).toContain(`"code":"${code}"`)
})
