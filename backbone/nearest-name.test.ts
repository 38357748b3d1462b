import { expect, test } from 'vitest'
import { foldedName, nearestName } from './nearest-name.ts'

const PARAMETERS = ['kind', 'customer', 'since', 'until', 'limit', 'cursor', 'from']

test.each([
  ['customr', 'customer'],
  ['Customer', 'customer'],
  ['kinds', 'kind'],
  ['untill', 'until'],
  ['límit', 'limit'],
  ['form', 'from'],
  ['xyz', undefined],
  ['folio', undefined],
  ['', undefined],
])('%j is probably meant as %j', (given, meant) => {
  expect(nearestName(given, PARAMETERS)).toBe(meant)
})

test('a name of two letters is not similar to two other letters', () => {
  expect(nearestName('x1', ['id'])).toBeUndefined()
  expect(nearestName('', ['id'])).toBeUndefined()
  expect(nearestName('di', ['id', 'edad'])).toBeUndefined()
  expect(nearestName('ids', ['id'])).toBe('id')
})

test.each([
  ['Folio', 'folio', true],
  ['producto_visto', 'productovisto', true],
  ['teléfono', 'telefono', true],
  ['product-o-visto', 'productovisto', true],
  ['folios', 'folio', false],
])('%j and %j are the same name: %j', (a, b, same) => {
  expect(foldedName(a) === foldedName(b)).toBe(same)
})

test('a name far longer than any known one is not compared: folding it could take seconds', () => {
  const long = `kind${'\u0301\u0323'.repeat(30_000)}`
  expect(nearestName(long, PARAMETERS)).toBeUndefined()
  expect(foldedName(long)).not.toBe(foldedName('kind'))
})
