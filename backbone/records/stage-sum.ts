import type { Stage } from './checkout.ts'
import type { ParsedCheckout } from './parse-checkout.ts'
import type { Warning } from './warning.ts'

const TOLERANCE_MINUTES = 1
const TOLERANCE_SHARE = 0.1

/**
 * A warning if the stages do not add up to the minutes of a purchase (docs/reference/domain.md, Path). A visit has no
 * minutes to compare with.
 */
export function sumWarnings(parsed: ParsedCheckout): Warning[] {
  if (parsed.is === 'invalid' || !parsed.checkout.recorrido || !parsed.checkout.taps) return []
  if (parsed.faults.some(({ pointer }) => pointer.startsWith('/recorrido'))) return []
  const { taps } = parsed.checkout
  const stages = parsed.checkout.recorrido as Stage[]
  const minutes = stages.reduce((sum, { segundos }) => sum + segundos, 0) / 60
  const tolerance = Math.max(TOLERANCE_MINUTES, TOLERANCE_SHARE * taps)
  return Math.abs(minutes - taps) > tolerance ? [{ pointer: '/recorrido', code: 'sum_mismatch' }] : []
}
