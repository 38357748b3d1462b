import { expect, test } from 'vitest'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { expectedOutcome } from './expected-outcome.ts'

// docs/reference/domain.md, "Messages", with the first sample filled in by hand.
const QUICK = `Estimad@ Scarlett,

¡Esperamos que estés bien! Queríamos recordarte que has adquirido el producto 'Colchón de espuma viscoelástica' en nuestra tienda en línea de Falabella. Tu número de folio es: SRZ-5509, donde te demoraste un tiempo corto en adquirirlo, te invitamos a seguir comprando en nuestra plataforma.

Saludos.`
const SLOW = `Estimad@ Scarlett,

¡Esperamos que estés bien! Queríamos recordarte que has adquirido el producto 'Colchón de espuma viscoelástica' en nuestra tienda en línea de Falabella. Tu número de folio es: SRZ-5509, si te sucedió un error en la plataforma que hizo que tu tiempo en comprar el producto se atrasara, no dudes en contactarnos.

Saludos.`

test.each([
  [17.8, 'SRZ-5509', 'quick', QUICK],
  [30, 'SRZ-5509', 'quick', QUICK],
  [30.0001, 'SRZ-5509', 'slow', SLOW],
  [0.0001, 'SRZ-5509', 'quick', QUICK],
  [0, null, 'none', null],
  [null, null, 'none', null],
  [null, 'SRZ-5509', 'unverified', null],
  [0, 'SRZ-5509', 'unverified', null],
  [17.8, null, 'unverified', null],
])('taps %s with folio %s is %s', (taps, folio, kind, message) => {
  expect(expectedOutcome({ ...boughtQuickly, taps, folio })).toEqual({ kind, message })
})

test('the second sample of docs/reference/domain.md did not buy', () => {
  expect(expectedOutcome(didNotBuy)).toEqual({ kind: 'none', message: null })
})
