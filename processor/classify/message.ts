import type { Checkout } from '../../backbone/records/checkout.ts'
import type { OutcomeKind } from '../../backbone/records/outcome.ts'

/** What the customer is told, word for word as in DOMAIN.md; null for the kinds that tell nothing. */
export function messageFor(kind: OutcomeKind, checkout: Checkout, storeName: string): string | null {
  if (kind !== 'quick' && kind !== 'slow') return null
  const { nombre, productovisto, folio } = checkout
  const invitation =
    kind === 'quick'
      ? 'donde te demoraste un tiempo corto en adquirirlo, te invitamos a seguir comprando en nuestra plataforma.'
      : 'si te sucedió un error en la plataforma que hizo que tu tiempo en comprar el producto se atrasara, no dudes en contactarnos.'
  return (
    `Estimad@ ${nombre},\n\n` +
    `¡Esperamos que estés bien! Queríamos recordarte que has adquirido el producto '${productovisto}' ` +
    `en nuestra tienda en línea de ${storeName}. Tu número de folio es: ${folio}, ${invitation}\n\n` +
    'Saludos.'
  )
}
