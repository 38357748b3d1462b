import type { Stage } from '../../backbone/records/checkout.ts'
import { QUICK_MINUTES } from './buying-time.ts'
import { integerBetween, oneOf, type Random } from './draws.ts'

/** The stages of a purchase, with the usual share of its time. */
const STAGES = [
  { etapa: 'catalogo', share: 0.5 },
  { etapa: 'carro', share: 0.15 },
  { etapa: 'direccion', share: 0.15 },
  { etapa: 'pago', share: 0.15 },
  { etapa: 'confirmacion', share: 0.05 },
]
// ISO 8583, field 39: do not honour, insufficient funds, issuer not available; and a bank that does not answer.
const PAYMENT_ERRORS = ['05', '51', '91', 'timeout']
/** How much longer than usual the slow stage of a slow purchase is. */
const LONGER = 40
const LONGEST_VISIT_SECONDS = 1_800

/**
 * The path of a shopper: of a visit only the catalogue, of a purchase stages that add up to its minutes. Half of the
 * slow purchases have one stage that took far longer than usual; the payment because of an error.
 */
export function pathOf(random: Random, minutes: number | null): Stage[] {
  if (minutes === null || minutes === 0)
    return [{ etapa: 'catalogo', segundos: integerBetween(random, 1, LONGEST_VISIT_SECONDS) }]

  const slowest = minutes > QUICK_MINUTES.max && random() < 0.5 ? oneOf(random, STAGES) : undefined
  const parts = STAGES.map((stage) => stage.share * (0.5 + random()) * (stage === slowest ? LONGER : 1))
  const sum = parts.reduce((total, part) => total + part, 0)
  return STAGES.map((stage, index): Stage => {
    const segundos = Math.round((600 * minutes * (parts[index] ?? 0)) / sum) / 10
    const { etapa } = stage
    return stage === slowest && etapa === 'pago'
      ? { etapa, segundos, error: oneOf(random, PAYMENT_ERRORS) }
      : { etapa, segundos }
  })
}
