import type { Checkout } from '../../backbone/records/checkout.ts'
import type { BaseKind, OutcomeKind } from '../../backbone/records/outcome.ts'

const QUICK_MINUTES = 30
const LONGEST_PLAUSIBLE_MINUTES = 10_080
const NO_TEXT = 0

/** The last sentence of the message. */
const ENDINGS = {
  quick:
    'donde te demoraste un tiempo corto en adquirirlo, te invitamos a seguir comprando en nuestra plataforma.',
  slow: 'si te sucedió un error en la plataforma que hizo que tu tiempo en comprar el producto se atrasara, no dudes en contactarnos.',
} satisfies Partial<Record<BaseKind, string>>

interface ExpectedOutcome {
  kind: BaseKind
  message: string | null
}

/** A compact expected outcome, for exchange between threads. */
export interface Expectation {
  kind: BaseKind
  textHash: number
}

/** The kept part of an outcome that arrived. */
export interface SeenOutcome extends Omit<Expectation, 'kind'> {
  kind: OutcomeKind
  eventId: string
}

/** For an expected or an actual outcome. */
export const condense = <Kind extends OutcomeKind>({
  kind,
  message,
}: Pick<ExpectedOutcome, 'message'> & { kind: Kind }) => ({
  kind,
  textHash: message === null ? NO_TEXT : Bun.hash.xxHash32(message),
})

export const isNotified = ({ textHash }: Pick<Expectation, 'textHash'>) => textHash !== NO_TEXT

/**
 * The outcome of a checkout by docs/reference/domain.md. Implemented independently of the processor, so that it
 * can detect its errors.
 */
export function expectedOutcome({ nombre, productovisto, taps, folio }: Checkout): ExpectedOutcome {
  const bought = taps !== null && taps > 0
  if (!bought && folio === null) return { kind: 'none', message: null }
  if (!bought || folio === null || taps > LONGEST_PLAUSIBLE_MINUTES)
    return { kind: 'unverified', message: null }

  const kind = taps <= QUICK_MINUTES ? 'quick' : 'slow'
  const message = [
    `Estimad@ ${nombre},`,
    '',
    `¡Esperamos que estés bien! Queríamos recordarte que has adquirido el producto '${productovisto}' en nuestra tienda en línea de Falabella. Tu número de folio es: ${folio}, ${ENDINGS[kind]}`,
    '',
    'Saludos.',
  ].join('\n')
  return { kind, message }
}
