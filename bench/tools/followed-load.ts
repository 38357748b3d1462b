import { z } from 'zod'

const trend = z.object({ med: z.number(), 'p(99)': z.number() })
const count = z.object({ count: z.number() })

/** Results of a load that the load generator followed to its outcomes. */
export const followedMetrics = z.object({
  http_req_duration: trend,
  notification_delay: trend,
  http_req_failed: z.object({ value: z.number() }),
  iterations: count,
  dropped_iterations: count,
  lost: count,
  duplicated: count,
  wrong: count,
})

export type Trend = z.infer<typeof trend>
