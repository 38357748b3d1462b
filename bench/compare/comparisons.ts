import type { Comparison } from './comparison.ts'
import { customerStreams } from './customer-streams.ts'
import { delay } from './delay.ts'
import { drain, pool, servingPool } from './drain.ts'
import { afternoon, batches, durable, replicated } from './gateways.ts'
import { largeView } from './large-view.ts'
import { streams } from './streams.ts'

export const comparisons: readonly Comparison[] = [
  durable,
  afternoon,
  batches,
  replicated,
  drain,
  pool,
  servingPool,
  delay,
  largeView,
  streams,
  customerStreams,
]
