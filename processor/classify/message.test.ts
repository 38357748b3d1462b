import { describe, expect, test } from 'vitest'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { messageFor } from './message.ts'

const quickMessage = `Estimad@ Scarlett,

¡Esperamos que estés bien! Queríamos recordarte que has adquirido el producto 'Colchón de espuma viscoelástica' en nuestra tienda en línea de Falabella. Tu número de folio es: SRZ-5509, donde te demoraste un tiempo corto en adquirirlo, te invitamos a seguir comprando en nuestra plataforma.

Saludos.`

const slowMessage = `Estimad@ John,

¡Esperamos que estés bien! Queríamos recordarte que has adquirido el producto 'Kit de maquillaje profesional' en nuestra tienda en línea de Falabella. Tu número de folio es: ABC-0042, si te sucedió un error en la plataforma que hizo que tu tiempo en comprar el producto se atrasara, no dudes en contactarnos.

Saludos.`

const bytes = (text: string | null) => Buffer.from(text ?? '').toString('hex')

describe('is exactly the text of docs/reference/domain.md', () => {
  test('for a quick purchase', () => {
    expect(bytes(messageFor('quick', boughtQuickly, 'Falabella'))).toBe(bytes(quickMessage))
  })

  test('for a slow one', () => {
    const bought = { ...didNotBuy, taps: 31, folio: 'ABC-0042' }
    expect(bytes(messageFor('slow', bought, 'Falabella'))).toBe(bytes(slowMessage))
  })
})

test.each(['none', 'unverified', 'invalid'] as const)('there is none for %s', (kind) => {
  expect(messageFor(kind, boughtQuickly, 'Falabella')).toBeNull()
})

test('contains the configured store, and keeps replacement patterns in customer data', () => {
  const odd = { ...boughtQuickly, nombre: "$& {folio} 'O", productovisto: '$1\n{nombre}' }
  const message = messageFor('quick', odd, 'Ripley')
  expect(message).toMatch(/^Estimad@ \$& \{folio\} 'O,\n\n/)
  expect(message).toContain("el producto '$1\n{nombre}' en nuestra tienda en línea de Ripley. Tu")
})
