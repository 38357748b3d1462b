import { z } from 'zod'
import { KIND } from '../records/outcome.ts'
import { lanes } from '../records/partition.ts'
import { type MemberEvent, memberEventSchema } from './member-event.ts'

const count = z.number()
const buckets = z.record(z.string(), count)

/** `unknown`: the request was answered before its body was read or understood. */
export const answeredLanes = [...lanes, 'unknown'] as const
export type AnsweredLane = (typeof answeredLanes)[number]

const gatewaySchema = z.object({
  /** Answers to checkouts, each of a batch counted alone, by lane and HTTP status; since the start. */
  answers: z.partialRecord(z.enum(answeredLanes), z.record(z.string(), count)),
  /** Time from a POST to its answer, by lane, for 2xx; since the start. */
  latency: z.partialRecord(z.enum(answeredLanes), buckets),
  /** Admitted requests, and their adaptive limit. */
  inFlight: count,
  limit: count,
  /** Checkouts that wait to be sent to Kafka. */
  waiting: count,
  /**
   * Checkouts without an answer of Kafka, sent or not, and how long the oldest has waited. The default is for gateways
   * that do not report it yet, in a rolling upgrade.
   */
  unanswered: z.object({ checkouts: count, oldestMs: count }).default({ checkouts: 0, oldestMs: 0 }),
  /** Processors of PROCESSOR_URLS, and whether they answer the probes of this gateway. */
  processors: z.array(z.object({ url: z.string(), answers: z.boolean() })),
})

const ownedPartitionSchema = z.object({
  partition: count,
  /** Offset in DataTopic of the first record without a decision. */
  next: count,
  /** Milliseconds since the epoch. */
  claimedAt: count,
})

const processorSchema = z.object({
  /** Committed outcomes by kind, since the start. */
  /** By kind. */
  outcomes: z.record(z.string().regex(KIND), count),
  /** Records whose event already had an outcome, since the start. */
  repetitions: count,
  /** Time from `receivedAt` to the commit of the outcome, for purchases and visits alike; since the start. */
  delay: buckets,
  /** Partitions that this processor owns and has claimed. */
  partitions: z.array(ownedPartitionSchema),
  servesResults: z.boolean(),
  /** Outcomes that the read model does not have yet. */
  readModelLag: count,
  /** Open event streams. */
  streams: count,
})

/** What a process publishes about itself, once a second, to the topic of figures. Counts never decrease within a run. */
export const memberFiguresSchema = z.object({
  is: z.literal('figures'),
  /** INSTANCE, or role and process id. */
  member: z.string(),
  /** Another one after each start of the process. */
  run: z.string(),
  role: z.enum(['gateway', 'processor']),
  /** Milliseconds since the epoch, by the clock of the process at its start: it is not set while it runs. */
  at: count,
  startedAt: count,
  /** The process is shutting down: this is its last record. */
  ends: z.literal(true).optional(),
  memoryBytes: count,
  /** Processor time since the start, in seconds. */
  cpuSeconds: count,
  /** Failing readiness checks, by name. */
  faults: z.array(z.object({ check: z.string(), detail: z.string(), status: z.enum(['warn', 'fail']) })),
  gateway: gatewaySchema.optional(),
  processor: processorSchema.optional(),
})
export type MemberFigures = z.infer<typeof memberFiguresSchema>
export type GatewayFigures = z.infer<typeof gatewaySchema>
export type ProcessorFigures = z.infer<typeof processorSchema>
/** What a process of one role reports. */
export type RoleFigures =
  | { role: 'gateway'; gateway: GatewayFigures }
  | { role: 'processor'; processor: ProcessorFigures }

/** Published by a load generator through a gateway while it runs (`npm run load -- --dashboard`). */
export const loadFiguresSchema = z.object({
  is: z.literal('load'),
  run: z.string(),
  name: z.string(),
  at: count,
  startedAt: count,
  /** The stage that is running, or that has just ended. */
  stage: z.string(),
  /** Planned checkouts per second now. */
  planned: count,
  /** Since the start of the run. */
  sent: count,
  accepted: count,
  failed: count,
  /** Over the last second, in milliseconds; absent without answers. */
  p50: count.optional(),
  p99: count.optional(),
  /** POST to notification, over the last second. */
  delayP50: count.optional(),
  delayP99: count.optional(),
  ends: z.literal(true).optional(),
})
export type LoadFigures = z.infer<typeof loadFiguresSchema>

/** The value of every record in the topic of figures. */
export type FiguresRecord = MemberFigures | MemberEvent | LoadFigures
export const figuresRecordSchema = z.discriminatedUnion('is', [
  memberFiguresSchema,
  memberEventSchema,
  loadFiguresSchema,
]) as z.ZodType<FiguresRecord>
