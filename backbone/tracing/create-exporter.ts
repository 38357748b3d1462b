import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'

interface ExporterOptions {
  url: string
  headers: Record<string, string> | undefined
  log: Logger
}

/**
 * Sends spans to a collector (OTLP, http/protobuf). The SDK retries for ten seconds, then drops the batch without a
 * word. This logs one line when exports begin to fail, and one when they succeed again.
 */
export function createExporter({ url, headers = {}, log }: ExporterOptions): SpanExporter {
  const exporter = new OTLPTraceExporter({ url, headers })
  let isFailing = false
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const { error } = result
        // The message names an address or a status, never a header.
        if (error && !isFailing)
          log.warn({ url, error: error.message, spans: spans.length }, 'The collector does not take traces')
        if (!error && isFailing) log.info({ url }, 'The collector takes traces again')
        isFailing = error !== undefined
        done(result)
      })
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  }
}
