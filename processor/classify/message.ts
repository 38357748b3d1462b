import type { Checkout } from '../../backbone/records/checkout.ts'
import { kindRules, type OutcomeKind } from '../../backbone/records/outcome.ts'

/** The message to the customer, exactly as in docs/reference/domain.md; null for a kind that does not notify. */
export function messageFor(kind: OutcomeKind, checkout: Checkout, storeName: string): string | null {
  const { invitation } = kindRules[kind]
  if (invitation === null) return null
  const { nombre, productovisto, folio } = checkout
  return (
    `Estimad@ ${nombre},\n\n` +
    `¡Esperamos que estés bien! Queríamos recordarte que has adquirido el producto '${productovisto}' ` +
    `en nuestra tienda en línea de ${storeName}. Tu número de folio es: ${folio}, ${invitation}\n\n` +
    'Saludos.'
  )
}
