import pino from 'pino'
import { Registry } from 'prom-client'
import { type Access, createAccess } from '../../backbone/access/authenticate.ts'
import { healthCheck } from '../../backbone/http/health-check.ts'
import { createApp } from '../app.ts'
import type { DeadLetters } from '../dead-letters/dead-letter-routes.ts'
import { createDeliveryMemory, type DeliveryMemory } from '../deliveries/delivery-memory.ts'
import type { Forecasts } from '../history/open-history.ts'
import type { shareAnswers } from '../insights/share-answers.ts'

import type { MessageFiles } from '../messages/read-messages.ts'

import { countStreams } from '../metrics.ts'
import type { ReadModel } from '../read-model/outcome-store.ts'
import type { ComposeTimeline } from '../timeline/timeline-route.ts'
import { readFrames, type TestFrame } from './frames.ts'
import { builtInFiles } from './messages.ts'

interface Parts {
  forecasts?: Forecasts | undefined
  deadLetters?: DeadLetters
  composeTimeline?: ComposeTimeline
  deliveries?: DeliveryMemory
  messageFiles?: MessageFiles
  askWhySlow?: ReturnType<typeof shareAnswers>
}

/** The app on a read model, called without sockets. */
export function createTestApp(
  readModel: ReadModel,
  access?: Access,
  {
    deadLetters,
    composeTimeline = async () => ({ steps: [], incomplete: [] }),
    deliveries = createDeliveryMemory({ process: 'processor-1', readModel }),
    forecasts,
    messageFiles = builtInFiles(),
    askWhySlow = () => Promise.reject(new Error('not asked in this test')),
  }: Parts = {},
) {
  const draining = new AbortController()
  const registry = new Registry()
  const streams = countStreams(registry)
  const errors: unknown[] = []
  let reason: string | undefined
  let caughtUp = true
  const app = createApp({
    access: access ?? createAccess(undefined),
    allowedHosts: access === undefined ? [] : undefined,
    messageFiles,
    mostStreams: 2,
    readModel,
    composeTimeline,
    deliveries,
    askWhySlow,
    observer: undefined,
    forecasts,
    growth: undefined,
    deadLetters,
    checks: () => [healthCheck('results', reason)],
    streamBegins: () => streams.begins(),
    withoutResults: () => (caughtUp ? undefined : 'this processor is still reading the log'),
    draining: draining.signal,
    onError: (error, requestId) => errors.push({ error, requestId }),
    registry,
    log: pino({ level: 'silent' }),
  })
  const get = async (path: string, init?: RequestInit) => app.request(path, init)

  return {
    get,
    routes: app.routes,
    draining,
    /** Unexpected errors that the app reported. */
    errors,
    becomes: (next: string | undefined) => {
      reason = next
    },
    fallsBehind: () => {
      caughtUp = false
    },
    stream: async (query = '', headers: Record<string, string> = {}) => {
      return readFrames(await get(`/notifications/stream${query}`, { headers }))
    },
    /** A stream whose first frame has been read. */
    openStream: async (query = '', headers: Record<string, string> = {}) => {
      const frames = readFrames(await get(`/notifications/stream${query}`, { headers }))
      const opening = await frames.next()
      return { ...frames, opening: opening as TestFrame }
    },
    page: async (query = '') => {
      const response = await get(`/notifications${query}`)
      if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
      return (await response.json()) as { items: { eventId: string }[]; next: string; gap?: object[] }
    },
  }
}
