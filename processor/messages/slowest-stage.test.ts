import { expect, test } from 'vitest'
import { slowestStage } from './slowest-stage.ts'

const catalogo = { etapa: 'catalogo', segundos: 60 }

test('there is none without stages', () => {
  expect(slowestStage([])).toBeUndefined()
})

test('it is the one with the most seconds, the first of equal ones', () => {
  const pago = { etapa: 'pago', segundos: 60 }
  expect(slowestStage([catalogo, pago])).toEqual({ ...catalogo, error: undefined })
  expect(slowestStage([catalogo, { ...pago, segundos: 60.5 }])).toMatchObject({
    etapa: 'pago',
    segundos: 60.5,
  })
})

test('visits of one stage count together', () => {
  const carro = { etapa: 'carro', segundos: 40 }
  expect(slowestStage([carro, catalogo, carro])).toMatchObject({ etapa: 'carro', segundos: 80 })
})

test('its error is its last one, or else the last one of any stage', () => {
  const pago = (error?: string) => ({ etapa: 'pago', segundos: 100, ...(error ? { error } : {}) })
  const carro = { etapa: 'carro', segundos: 1, error: '7' }
  expect(slowestStage([pago('51'), pago('05'), pago(), carro])).toMatchObject({ error: '05' })
  expect(slowestStage([pago(), carro])).toMatchObject({ error: '7' })
})
