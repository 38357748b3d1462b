import { expect, test } from 'vitest'
import { addDeliveries, type DeliveryReport } from './deliveries.ts'
import type { Timeline, TimelineStep } from './timeline.ts'

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 29, 15) + seconds * 1_000).toISOString()
const classifiedAt = at(10)
const stored: TimelineStep = { what: 'stored', at: at(9), where: {} }
const classified: TimelineStep = { what: 'classified', at: classifiedAt, where: {}, kind: 'quick' }
const repeated = (seconds: number): TimelineStep => ({ what: 'repeated', at: at(seconds), where: {} })
const timeline = (...steps: TimelineStep[]): Pick<Timeline, 'steps' | 'incomplete' | 'deliveriesSince'> => ({
  steps,
  incomplete: [],
})

const report = (process: string, deliveries: DeliveryReport['deliveries'], since = 0): DeliveryReport => ({
  process,
  since: { customers: at(since), readers: at(since + 1) },
  deliveries,
})
const delivery = (seconds: number, what: 'streamed' | 'read' = 'streamed') =>
  ({ what, at: at(seconds), to: 'customer' }) as const

const shown = ({ steps }: { steps: TimelineStep[] }) =>
  steps.map(({ what, at: time, where }) => [what, time, where.process].filter(Boolean).join(' '))

test('the first of each way, of all processors, among the other steps', () => {
  const reports = [
    report('processor-1', [delivery(14), delivery(13, 'read')]),
    report('processor-2', [delivery(12), { ...delivery(15), to: 'reader' }], 2),
  ]
  const whole = addDeliveries(timeline(stored, classified, repeated(12.5)), { classifiedAt, reports })
  expect(shown(whole)).toEqual([
    `stored ${at(9)}`,
    `classified ${at(10)}`,
    `streamed ${at(12)} processor-2`,
    `repeated ${at(12.5)}`,
    `read ${at(13)} processor-1`,
    `streamed ${at(15)} processor-2`,
  ])
  expect(whole.deliveriesSince).toEqual({ customers: at(2), readers: at(3) })
  expect(whole.incomplete).toEqual([])
})

test('a delivery follows the classification, also by another clock', () => {
  const reports = [report('processor-1', [delivery(8)])]
  expect(
    shown(addDeliveries(timeline(stored, repeated(9.5), classified), { classifiedAt, reports })),
  ).toEqual([
    `stored ${at(9)}`,
    `repeated ${at(9.5)}`,
    `classified ${at(10)}`,
    `streamed ${at(8)} processor-1`,
  ])
})

test('says which processors have forgotten, and which are silent', () => {
  const late = [report('processor-1', [], 10), report('processor-2', [], 11)]
  const { incomplete } = addDeliveries(timeline(classified), {
    classifiedAt,
    reports: late,
    silent: ['http://c: no answer within 1000 ms'],
  })
  expect(incomplete).toEqual([
    {
      reason: 'deliveries-forgotten',
      what: ['streamed', 'read'],
      detail: `processor-2 remembers deliveries since ${at(11)}`,
    },
    { reason: 'processor-silent', what: ['streamed', 'read'], detail: 'http://c: no answer within 1000 ms' },
  ])
})

test('what one processor said is part of the whole, once', () => {
  const own = report('processor-1', [delivery(12)], 11)
  const ofOne = addDeliveries(timeline(classified), { classifiedAt, reports: [own] })
  const other = report('processor-2', [delivery(11)])
  const whole = addDeliveries(ofOne, { classifiedAt, reports: [own, other] })
  expect(shown(whole)).toEqual([`classified ${at(10)}`, `streamed ${at(11)} processor-2`])
  expect(whole.incomplete).toHaveLength(1)

  const withoutReports = addDeliveries(ofOne, { classifiedAt, reports: [], silent: ['http://b: refused'] })
  expect(shown(withoutReports)).toEqual(shown(ofOne))
  expect(withoutReports.deliveriesSince).toEqual(own.since)
  expect(withoutReports.incomplete.map(({ reason }) => reason)).toEqual([
    'deliveries-forgotten',
    'processor-silent',
  ])
})
