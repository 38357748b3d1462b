import { Counter, Histogram, type Registry } from 'prom-client'
import { z } from 'zod'
import { LATENCY_BUCKETS, watchNumber } from '../backbone/process/metrics.ts'
import { checkoutSchema } from '../backbone/records/checkout.ts'
import { correctionKinds } from '../backbone/records/correct-checkout.ts'
import { lanes } from '../backbone/records/partition.ts'
import type { CheckoutMetrics } from './checkout/accept-checkout.ts'
import type { Admission } from './overload/admission.ts'
import type { PublishMetrics } from './publish/send-request.ts'
import type { ProcessorPool } from './results/processor-pool.ts'

// Up to the size of one request to Kafka.
const RECORD_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]

export type GatewayMetrics = CheckoutMetrics & PublishMetrics

/** Metrics of a gateway. No label contains client input. */
export function createGatewayMetrics(registry: Registry, admission: Pick<Admission, 'load'>): GatewayMetrics {
  const registers = [registry]
  const checkouts = new Counter({
    name: 'checkout_stored_total',
    help: 'Checkouts that Kafka has confirmed',
    labelNames: ['lane'],
    registers,
  })
  const corrected = new Counter({
    name: 'checkout_corrections_total',
    help: 'Corrections of stored checkouts, by field and rule',
    labelNames: ['field', 'rule'],
    registers,
  })
  // An alert on the first one needs a 0 before it.
  for (const lane of lanes) checkouts.inc({ lane }, 0)
  for (const field of fieldPointers()) {
    for (const rule of correctionKinds) corrected.inc({ field, rule }, 0)
  }
  const seconds = new Histogram({
    name: 'checkout_publish_duration_seconds',
    help: 'Time from a request to Kafka to its answer',
    buckets: LATENCY_BUCKETS,
    registers,
  })
  const records = new Histogram({
    name: 'checkout_publish_records',
    help: 'Checkouts in one request to Kafka',
    buckets: RECORD_BUCKETS,
    registers,
  })
  watchNumber(
    registry,
    'checkout_requests_in_flight',
    'Requests that are admitted now',
    () => admission.load().inFlight,
  )
  watchNumber(
    registry,
    'checkout_requests_in_flight_limit',
    'Most requests that are admitted at once; it follows the publish latency and the load of the process',
    () => admission.load().limit,
  )
  return {
    stored(lane, corrections) {
      checkouts.inc({ lane })
      for (const { pointer, correction } of corrections)
        corrected.inc({ field: pointer.replace(ELEMENT, '/*'), rule: correction })
    },
    published(count, milliseconds) {
      seconds.observe(milliseconds / 1_000)
      records.observe(count)
    },
  }
}

/** Metrics of the processors that serve reads. The returned function counts a hedged read. */
export function createReadMetrics(
  registry: Registry,
  pool: Pick<ProcessorPool, 'urls' | 'answering'>,
): { hedged: () => void } {
  watchNumber(registry, 'checkout_processors', 'Processors in PROCESSOR_URLS', () => pool.urls.length)
  watchNumber(
    registry,
    'checkout_processors_answering',
    'Processors that answer the probes of this gateway',
    pool.answering,
  )
  const hedges = new Counter({
    name: 'checkout_reads_hedged_total',
    help: 'Reads that were also sent to a second processor because the first one was slow',
    registers: [registry],
  })
  return { hedged: () => hedges.inc() }
}

const ELEMENT = /\/\d+(?=\/|$)/

/** JSON pointers of all fields of a checkout, with `*` for the elements of a list. */
const fieldPointers = (): string[] => Object.entries(checkoutSchema.shape).flatMap(pointersOf)

function pointersOf([name, field]: [string, unknown]): string[] {
  if (field instanceof z.ZodObject) return Object.keys(field.shape).map((part) => `/${name}/${part}`)
  if (!(field instanceof z.ZodOptional && field.unwrap() instanceof z.ZodArray)) return [`/${name}`]
  const { element } = field.unwrap() as z.ZodArray
  return [`/${name}`, ...pointersOf([`${name}/*`, element])]
}
