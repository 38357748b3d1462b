import { expect, test } from 'vitest'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { areSameCheckout, jsonOfLetter } from './letter-checkout.ts'
import { mergePatch } from './merge-patch.ts'

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

test('a patch replaces a path as a whole, or removes it', () => {
  const path = [{ etapa: 'pago', segundos: 1_068, error: '51' }]
  const letter = { ...boughtQuickly, recorrido: [{ etapa: 'carro', segundos: 1 }, ...path] }
  const patched = mergePatch(letter, { recorrido: path })
  expect(areSameCheckout(patched, { ...boughtQuickly, recorrido: path })).toBe(true)
  expect(areSameCheckout(patched, boughtQuickly)).toBe(false)
  expect(areSameCheckout(mergePatch(letter, { recorrido: null }), boughtQuickly)).toBe(true)
  expect(areSameCheckout({ ...boughtQuickly, recorrido: [] }, boughtQuickly)).toBe(true)
})
