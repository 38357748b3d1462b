import { measurePath, type Path } from '../../../deploy/storefront/measure-path.js'
import { byId } from '../../pages/browser/dom.ts'

/** The stages of this shop, as they stand in a checkout. */
export const stageNames = ['catalogo', 'carro', 'direccion', 'pago'] as const
type StageName = (typeof stageNames)[number]

// ISO 8583, field 39: insufficient funds.
export const NO_FUNDS = '51'

/** Measures the customer's path by the buttons of the stages. */
export function startPath(): Path & { restart: () => void } {
  const path = measurePath()

  function enter(stage: StageName): void {
    path.enter(stage)
    for (const name of stageNames) byId(`stage-${name}`).setAttribute('aria-pressed', String(name === stage))
  }
  function restart(): void {
    path.end()
    enter('catalogo')
  }

  for (const name of stageNames) byId(`stage-${name}`).addEventListener('click', () => enter(name))
  byId('payment-error').addEventListener('click', () => {
    enter('pago')
    path.error(NO_FUNDS)
  })
  enter('catalogo')
  return { ...path, restart }
}
