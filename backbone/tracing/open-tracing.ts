import type { Logger } from 'pino'
import type { Tracing } from './tracing.ts'
import { type TracingSettings, tracesUrl } from './tracing-settings.ts'

interface TracingOptions {
  role: 'gateway' | 'processor'
  /** Name of this process. */
  instance: string
  log: Logger
}

/** Undefined, with nothing loaded, unless the settings name a collector. */
export async function openTracing(
  settings: TracingSettings,
  options: TracingOptions,
): Promise<Tracing | undefined> {
  const url = tracesUrl(settings)
  if (url === undefined) return undefined
  const { createTracing } = await import('./create-tracing.ts')
  return createTracing({ ...options, settings, url })
}
