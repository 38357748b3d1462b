import type { Random } from '../../../loadgen/shoppers/draws.ts'

const FIRST_CEILING_MS = 200
const LAST_CEILING_MS = 5_000

/**
 * Full jitter under a ceiling that doubles. What the gateway asks for is waited for first: the jitter comes on top, so
 * that those who were refused together do not come back together, and come less often the longer it lasts.
 */
export function retryDelay(failures: number, retryAfterMs: number, random: Random): number {
  const ceiling = Math.min(FIRST_CEILING_MS * 2 ** (failures - 1), LAST_CEILING_MS)
  return retryAfterMs + random() * ceiling
}
