import { againstBuild } from './against-build.ts'
import { clientKilled, clientPublish } from './clients.ts'
import { coldStart } from './cold-start.ts'
import type { Comparison } from './comparison.ts'
import { customerStreams } from './customer-streams.ts'
import { delay } from './delay.ts'
import { clientCopy, drain, pool, servingPool } from './drain.ts'
import { encode } from './encode.ts'
import { forecast } from './forecast.ts'
import { frozenProcessor } from './frozen-processor.ts'
import { afternoon, afternoonGo, batches, durable, log, replicated, sharedPort } from './gateways.ts'
import { insights, insightsRead } from './insights.ts'
import { kafkaStreams } from './kafka-streams.ts'
import { largeReadModel } from './large-view.ts'
import { manyIds } from './many-ids.ts'
import { limitedDrain, newView } from './memory-limit.ts'
import { sparkBatches, sparkDelay, sparkRows, sparkSoonest } from './spark.ts'
import { streams } from './streams.ts'
import { traces } from './traces.ts'
import { viewers } from './viewers.ts'

export const comparisons: readonly Comparison[] = [
  durable,
  afternoon,
  afternoonGo,
  batches,
  replicated,
  sharedPort,
  log,
  drain,
  pool,
  servingPool,
  limitedDrain,
  newView,
  delay,
  largeReadModel,
  manyIds,
  insights,
  insightsRead,
  streams,
  customerStreams,
  viewers,
  traces,
  frozenProcessor,
  coldStart,
  forecast,
  encode,
  clientPublish,
  clientCopy,
  clientKilled,
  kafkaStreams,
  sparkBatches,
  sparkRows,
  sparkDelay,
  sparkSoonest,
  againstBuild,
]
