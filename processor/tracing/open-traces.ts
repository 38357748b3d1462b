import type { Logger } from 'pino'
import { openTracing } from '../../backbone/tracing/open-tracing.ts'
import type { TracingSettings } from '../../backbone/tracing/tracing-settings.ts'
import type { DeliveryMemory } from '../deliveries/delivery-memory.ts'
import type { LogChanges } from '../read-model/outcome-store.ts'
import { traceDeliveries } from './trace-deliveries.ts'
import { createTransactionTrace } from './trace-transactions.ts'
import { createTracedOutcomes } from './traced-outcomes.ts'

interface TracesOptions {
  config: TracingSettings & { DATA_TOPIC: string; NOTIFICATIONS_TOPIC: string; GROUP_ID: string }
  /** Name of this process. */
  instance: string
  readModel: Pick<LogChanges, 'logsForgotten'>
  log: Logger
}

/** The spans of outcomes: how they come about, and how this process delivers them. Nothing, unless the settings ask for it. */
export async function openTraces({ config, instance, readModel, log }: TracesOptions) {
  const tracing = await openTracing(config, { role: 'processor', instance, log })
  const tracedOutcomes = createTracedOutcomes(readModel)
  const { followed } = tracedOutcomes
  return {
    tracing,
    transaction:
      tracing &&
      createTransactionTrace({
        tracing,
        topic: config.DATA_TOPIC,
        notificationsTopic: config.NOTIFICATIONS_TOPIC,
        groupId: config.GROUP_ID,
        tracedOutcomes,
      }),
    followed: tracing && followed,
    deliveries: (deliveries: DeliveryMemory): DeliveryMemory =>
      tracing ? traceDeliveries({ tracing, tracedOutcomes, deliveries }) : deliveries,
    close: async () => tracing?.close(),
  }
}
