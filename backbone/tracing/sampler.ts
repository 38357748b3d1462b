import { trace } from '@opentelemetry/api'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'
import type { TracingSettings } from './tracing-settings.ts'

type SamplerSettings = Pick<TracingSettings, 'OTEL_TRACES_SAMPLER' | 'OTEL_TRACES_SAMPLER_ARG'>

/** The sampler of the settings. A new trace that begins with links is sampled: only sampled spans are linked. */
export function createSampler(settings: SamplerSettings): Sampler {
  const sampler = samplerOf(settings)
  return {
    shouldSample(context, traceId, name, kind, attributes, links) {
      const isRoot = trace.getSpanContext(context) === undefined
      if (isRoot && links.length > 0) return { decision: SamplingDecision.RECORD_AND_SAMPLED }
      return sampler.shouldSample(context, traceId, name, kind, attributes, links)
    },
    toString: () => `SampledByLinks(${sampler.toString()})`,
  }
}

/**
 * Whether a new trace is not recorded, before its span costs anything: the SDK makes ids and a span to find that out, which
 * is one percent of a checkout. With `parentbased_traceidratio` nobody else decides on a trace by its id.
 */
export function skipsRoot({
  OTEL_TRACES_SAMPLER: name,
  OTEL_TRACES_SAMPLER_ARG: ratio,
}: SamplerSettings): () => boolean {
  if (name === 'parentbased_always_off') return () => true
  return name === 'parentbased_traceidratio' ? () => Math.random() >= ratio : () => false
}

function samplerOf({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio }: SamplerSettings): Sampler {
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler()
    case 'always_off':
      return new AlwaysOffSampler()
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio)
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() })
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() })
    case 'parentbased_traceidratio':
      // See skipsRoot.
      return new ParentBasedSampler({ root: new AlwaysOnSampler() })
  }
}
