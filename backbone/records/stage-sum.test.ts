import { expect, test } from 'vitest'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { parseCheckout } from './parse-checkout.ts'
import { sumWarnings } from './stage-sum.ts'

const MISMATCH = [{ pointer: '/recorrido', code: 'sum_mismatch' }]
const warningsOf = (fields: object) => sumWarnings(parseCheckout({ ...boughtQuickly, ...fields }))
const withSeconds = (taps: number, ...seconds: number[]) =>
  warningsOf({ taps, recorrido: seconds.map((segundos) => ({ etapa: 'carro', segundos })) })

test.each([
  [5, 300, 0],
  [5, 240, 120],
  [5, 200, 40],
  // 10 % of 40 minutes are 4.
  [40, 2_160],
  [40, 2_640],
  [0.5, 0],
])('%j minutes may have stages of %j + %j seconds', (taps, ...seconds) => {
  expect(withSeconds(taps, ...seconds)).toEqual([])
})

test.each([
  [5, 240, 120.1],
  [5, 200, 39.9],
  [40, 2_159],
  [40, 2_641],
  [0.5, 100],
  [5, 1e308, 1e308],
])('%j minutes with stages of %j + %j seconds have a warning', (taps, ...seconds) => {
  expect(withSeconds(taps, ...seconds)).toEqual(MISMATCH)
})

test('a faulty purchase has a warning, too, unless its path is what is faulty', () => {
  const recorrido = [{ etapa: 'pago', segundos: 1 }]
  expect(warningsOf({ edad: 131, recorrido })).toEqual(MISMATCH)
  expect(warningsOf({ recorrido: [...recorrido, { etapa: 'pago' }] })).toEqual([])
})

test('without a path, or without minutes, there is nothing to compare', () => {
  const recorrido = [{ etapa: 'pago', segundos: 6_000 }]
  expect(warningsOf({})).toEqual([])
  expect(warningsOf({ taps: null, recorrido })).toEqual([])
  expect(warningsOf({ taps: 0, folio: null, recorrido })).toEqual([])
  expect(warningsOf({ taps: -1, recorrido })).toEqual([])
  expect(warningsOf({ taps: '100', recorrido })).toEqual([])
})
