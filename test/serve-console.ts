import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import pino from 'pino'
import type { OperationsHistory, SystemState } from '../backbone/operations/system-state.ts'
import { consoleRoutes } from '../gateway/console/console-routes.ts'
import { memberEvents, NOW, points, tickOf } from './operations-states.ts'

/** The operations page with a prepared state of the system, which a test can change while the page is open. */
export function serveConsole(initial: SystemState) {
  const app = new Hono()
  const pass = (_: unknown, next: () => Promise<void>) => next()
  const log = pino({ level: 'silent' })
  consoleRoutes(
    app as never,
    { ofAddress: pass, mayOperate: pass, onInternal: () => undefined, log } as never,
  )
  const control = { state: initial, isFrozen: false, isDown: false }
  app.get('/operations', (context) => context.json(control.state))
  app.get('/operations/stream', (context) => {
    if (control.isDown) return context.json({ title: 'Results unavailable; retry', status: 503 }, 503)
    return streamSSE(context, async (stream) => {
      const history: OperationsHistory = { points, events: memberEvents }
      await stream.writeSSE({ event: 'history', data: JSON.stringify(history) })
      for (let seconds = 0; !stream.aborted && !control.isDown; seconds++) {
        const tick = tickOf({ ...control.state, at: NOW + seconds * 1_000 })
        if (!control.isFrozen) await stream.writeSSE({ event: 'state', data: JSON.stringify(tick) })
        await stream.sleep(1_000)
      }
    })
  })
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, idleTimeout: 0, fetch: app.fetch })
  return { url: `http://127.0.0.1:${server.port}`, control, stop: () => server.stop(true) }
}
