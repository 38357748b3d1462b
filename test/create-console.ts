import { Hono, type MiddlewareHandler } from 'hono'
import { streamSSE } from 'hono/streaming'
import pino from 'pino'
import type { AccessEnv } from '../backbone/access/authenticate.ts'
import type { OperationsHistory, SystemState } from '../backbone/operations/system-state.ts'
import { consoleRoutes } from '../gateway/console/console-routes.ts'
import { forecastStates } from './forecast-states.ts'
import { memberEvents, points, tickOf } from './operations-history.ts'
import { NOW } from './operations-states.ts'

/** The operations page with a prepared state of the system, which a test can change while the page is open. */
export function createConsole(initial: SystemState) {
  const app = new Hono<AccessEnv>()
  const pass: MiddlewareHandler<AccessEnv> = (_, next) => next()
  const log = pino({ level: 'silent' })
  consoleRoutes(app, { ofAddress: pass, mayOperate: pass, onInternal: () => undefined, log })
  const control = { state: initial, forecast: forecastStates.known, isDown: false }
  app.get('/operations', (context) => context.json(control.state))
  app.get('/forecast', (context) =>
    control.isDown
      ? context.json({ title: 'Results unavailable; retry', status: 503 }, 503)
      : context.json(control.forecast()),
  )
  app.get('/operations/stream', (context) => {
    if (control.isDown) return context.json({ title: 'Results unavailable; retry', status: 503 }, 503)
    return streamSSE(context, async (stream) => {
      const history: OperationsHistory = { points, events: memberEvents }
      await stream.writeSSE({ event: 'history', data: JSON.stringify(history) })
      for (let seconds = 0; !stream.aborted && !control.isDown; seconds++) {
        const tick = tickOf({ ...control.state, at: NOW + seconds * 1_000 })
        await stream.writeSSE({ event: 'state', data: JSON.stringify(tick) })
        await stream.sleep(1_000)
      }
    })
  })
  return { control, fetch: app.fetch }
}
