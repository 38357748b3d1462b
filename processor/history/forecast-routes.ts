import type { Hono, MiddlewareHandler } from 'hono'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { jsonBody, limitBody } from '../../backbone/http/json-body.ts'
import { otherMethods } from '../../backbone/http/method-not-allowed.ts'
import { readCalendarEvent } from '../../backbone/http/read-calendar-event.ts'
import { validateNoQuery } from '../../backbone/http/validate-request.ts'
import { ProblemError } from '../../backbone/problem.ts'
import { CALENDAR_EVENT_ID, calendarLimits } from '../../backbone/records/calendar-event.ts'
import type { Forecasts } from './open-history.ts'

interface RoutesOptions {
  mayOperate: MiddlewareHandler<AccessEnv>
  /** Undefined if this member only classifies. */
  forecasts: Forecasts | undefined
}

/** The forecast of the next hour, and the calendar that it goes by. */
export function forecastRoutes(app: Hono<AccessEnv>, { mayOperate, forecasts }: RoutesOptions): void {
  function known(): Forecasts {
    if (forecasts === undefined)
      throw new ProblemError('results-unavailable', {
        detail: 'this processor only classifies (SERVE_RESULTS)',
      })
    if (forecasts.isCaughtUp()) return forecasts
    throw new ProblemError('results-unavailable', { detail: 'this processor is still reading the history' })
  }
  const limit = limitBody(calendarLimits.mostBytes)

  app.get('/forecast', mayOperate, validateNoQuery(), async (context) =>
    context.json(await known().current()),
  )
  app.post('/forecast/events', mayOperate, validateNoQuery(), limit, async (context) => {
    const { calendar } = known()
    const event = readCalendarEvent(await jsonBody(context), Date.now())
    const isNew = !calendar.has(event.id)
    if (isNew && calendar.size() >= calendarLimits.mostEvents) throw calendarIsFull()
    await stored(calendar.add(event))
    return context.json(event, isNew ? 201 : 200, { location: `/forecast/events/${event.id}` })
  })
  app.delete('/forecast/events/:id', mayOperate, validateNoQuery(), async (context) => {
    const { calendar } = known()
    const { id } = context.req.param()
    if (!CALENDAR_EVENT_ID.test(id) || !calendar.has(id)) throw new ProblemError('unknown-calendar-event')
    await stored(calendar.remove(id))
    return context.body(null, 204)
  })
  app.all('/forecast', otherMethods('GET', 'HEAD'))
  app.all('/forecast/events', otherMethods('POST'))
  app.all('/forecast/events/:id', otherMethods('DELETE'))
}

async function stored(write: Promise<void>): Promise<void> {
  await write.catch(() => {
    throw new ProblemError('calendar-not-stored')
  })
}

const calendarIsFull = () =>
  new ProblemError('invalid-calendar-event', {
    detail: `There are ${calendarLimits.mostEvents} events already: remove one first`,
  })
