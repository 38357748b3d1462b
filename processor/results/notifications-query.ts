import type { z } from 'zod'
import type { notificationsQuerySchema } from '../../backbone/http/notifications-query.ts'
import type { OutcomeFilter } from '../read-model/record.ts'

export interface NotificationsQuery {
  filter: OutcomeFilter
  limit: number
  cursor: string | undefined
  from: 'earliest' | 'now' | undefined
}

/**
 * Translates the parameters. `lastEventId` is a cursor, and newer than `cursor`: a client adds it to the URL
 * that it was given.
 */
export function toNotificationsQuery(
  parameters: z.output<typeof notificationsQuerySchema>,
): NotificationsQuery {
  const { kind, customer, since, until, limit, cursor, lastEventId, from } = parameters
  const filter: OutcomeFilter = {
    kinds: new Set(kind),
    ...(customer === undefined ? {} : { customer }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  }
  return { filter, limit, cursor: lastEventId || cursor, from }
}
