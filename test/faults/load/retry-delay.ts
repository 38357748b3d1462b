import type { Random } from '../../../loadgen/shoppers/draws.ts'

const FIRST_CEILING_MS = 200
const LAST_CEILING_MS = 5_000

/**
 * Full jitter below a ceiling that doubles, in addition to the pause that the gateway asks for. So clients
 * rejected together do not return together, and retry less often the longer an outage lasts.
 */
export function retryDelay(failures: number, retryAfterMs: number, random: Random): number {
  const ceiling = Math.min(FIRST_CEILING_MS * 2 ** (failures - 1), LAST_CEILING_MS)
  return retryAfterMs + random() * ceiling
}
