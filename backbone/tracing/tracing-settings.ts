import { z } from 'zod'
import { flag } from '../process/settings.ts'

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

const isEndpoint = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && username === '' && password === ''
}

const endpoint = z
  .string()
  .refine(isEndpoint, 'must be http://host:port or https://host:port, without a user name')
  .optional()

/** `key=value` pairs as in W3C Baggage: comma-separated, percent-encoded. */
const pairs = (what: string) =>
  z
    .string()
    .transform((text, context) => {
      const found = pairsIn(text)
      if (found) return found
      // Never the value: headers have credentials.
      context.addIssue({ code: 'custom', message: `must be ${what}, percent-encoded` })
      return z.NEVER
    })
    .optional()

function pairsIn(text: string): Record<string, string> | undefined {
  const items = text.split(',').filter((item) => item.trim() !== '')
  const found = items.map((item) => /^\s*([^\s=]+)\s*=(.*)$/.exec(item))
  try {
    return Object.fromEntries(
      found.map((match) => {
        const [, key = '', value = ''] = match ?? raise()
        return [decodeURIComponent(key), decodeURIComponent(value.trim())]
      }),
    )
  } catch {
    return undefined
  }
}

function raise(): never {
  throw new SyntaxError('no pair')
}

const RATIO = 'must be a number from 0 to 1'

/** Settings with the names and meanings of OpenTelemetry's specification. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.describe(
    'OpenTelemetry collector for traces, `http://host:4318` (OTLP, http/protobuf); none: no traces',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint.describe(
    'The same with the whole path, instead of `OTEL_EXPORTER_OTLP_ENDPOINT` and `/v1/traces`',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: pairs('name=value, comma-separated').describe(
    'Headers for the collector, `name=value`, comma-separated, percent-encoded; may be a secret, never logged',
  ),
  OTEL_SERVICE_NAME: z
    .string()
    .optional()
    .describe('`service.name` of the traces; `checkout-gateway` or `checkout-processor` by default'),
  OTEL_RESOURCE_ATTRIBUTES: pairs('key=value, comma-separated').describe(
    'More attributes of this process in the traces, `key=value`, comma-separated, percent-encoded',
  ),
  OTEL_TRACES_SAMPLER: z
    .enum(samplers)
    .default('parentbased_always_on')
    .describe(
      `Which traces are recorded: ${samplers.map((name) => `\`${name}\``).join(', ')}; \`parentbased\`: as the client's \`traceparent\` says, if it sends one`,
    ),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number(RATIO)
    .min(0, RATIO)
    .max(1, RATIO)
    .default(1)
    .describe('Share of the traces that a sampler with `traceidratio` records, 0 to 1'),
  OTEL_SDK_DISABLED: flag.default(false).describe('`true`: no traces, whatever else is set'),
}

const schema = z.object(tracingSettings)
export type TracingSettings = Readonly<z.infer<typeof schema>>

/** Where traces are sent; undefined if there are none. */
export function tracesUrl(settings: TracingSettings): string | undefined {
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole, OTEL_EXPORTER_OTLP_ENDPOINT: base } = settings
  if (settings.OTEL_SDK_DISABLED) return undefined
  if (whole !== undefined) return new URL(whole).href
  return base === undefined ? undefined : `${base.replace(/\/$/, '')}/v1/traces`
}
