import { mergeByTime } from './merge-steps.ts'
import {
  type DeliveryStep,
  type Incomplete,
  isDelivery,
  type Recipient,
  type RememberedSince,
  type Timeline,
} from './timeline.ts'

/** When a processor first sent an outcome in one way to one kind of recipient. */
export interface Delivery {
  what: DeliveryStep['what']
  at: string
  to: Recipient
}

/** What one processor remembers of the deliveries of an outcome. */
export interface DeliveryReport {
  /** INSTANCE, or role and process id. */
  process: string
  since: RememberedSince
  deliveries: Delivery[]
}

interface Reported {
  classifiedAt: string
  reports: readonly DeliveryReport[]
  /** Why there is no report of a processor, with its name. */
  silent?: readonly string[]
}

type Parts = Pick<Timeline, 'steps' | 'incomplete' | 'deliveriesSince'>

/**
 * Adds deliveries to a timeline that may have those of one processor: of each way to each kind of recipient the first.
 * Says since when the reports are complete, instead of what it said before.
 */
export function addDeliveries<Timelike extends Parts>(
  timeline: Timelike,
  { classifiedAt, reports, silent = [] }: Reported,
): Timelike {
  const { steps, incomplete, deliveriesSince } = timeline
  const deliveries = firstOfEach([...steps.filter(isDelivery), ...reports.flatMap(stepsOf)])
  const others = steps.filter((step) => !isDelivery(step))
  // Clocks of two processors may differ: what is not classified is not sent.
  const classified = 1 + others.findLastIndex(({ what }) => what === 'classified')
  const since = latest(reports.length > 0 ? reports.map((report) => report.since) : [deliveriesSince])
  return {
    ...timeline,
    steps: [...others.slice(0, classified), ...mergeByTime(others.slice(classified), deliveries)],
    ...(since ? { deliveriesSince: since } : {}),
    incomplete: [
      ...incomplete.filter(({ reason }) => reports.length === 0 || reason !== 'deliveries-forgotten'),
      ...forgotten(reports, classifiedAt),
      ...(silent.length > 0
        ? [{ reason: 'processor-silent', what: concerned, detail: silent.join('; ') } as const]
        : []),
    ],
  }
}

const concerned: Incomplete['what'] = ['streamed', 'read']

function forgotten(reports: readonly DeliveryReport[], classifiedAt: string): Incomplete[] {
  const late = reports.filter(({ since }) => Date.parse(since.customers) > Date.parse(classifiedAt))
  if (late.length === 0) return []
  const each = late.map(({ process, since }) => `${process} remembers deliveries since ${since.customers}`)
  return [{ reason: 'deliveries-forgotten', what: concerned, detail: each.join('; ') }]
}

const stepsOf = ({ process, deliveries }: DeliveryReport): DeliveryStep[] =>
  deliveries.map(({ what, at, to }) => ({ what, at, where: { process }, to }))

/** In the order of their times. */
function firstOfEach(steps: readonly DeliveryStep[]): DeliveryStep[] {
  const firsts = new Map<string, DeliveryStep>()
  for (const step of steps.toSorted((a, b) => timeOf(a) - timeOf(b))) {
    const key = `${step.what} ${step.to}`
    if (!firsts.has(key)) firsts.set(key, step)
  }
  return [...firsts.values()]
}

const timeOf = ({ at }: DeliveryStep) => Date.parse(at)

function latest(all: readonly (RememberedSince | undefined)[]): RememberedSince | undefined {
  const known = all.filter((since) => since !== undefined)
  if (known.length === 0) return undefined
  return {
    customers: lastOf(known.map(({ customers }) => customers)),
    readers: lastOf(known.map(({ readers }) => readers)),
  }
}

const lastOf = (times: string[]) => times.toSorted().at(-1) ?? ''
