import { isDelivery, type Timeline } from '../../../../backbone/timeline/timeline.ts'
import { language } from '../../../pages/browser/language.ts'
import { texts } from '../texts.ts'

const { checkout: text } = texts
const time = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' })

/** What the deliveries in a timeline mean, and what cannot be known of them. */
export function deliveryNotes({ outcome, steps, incomplete, deliveriesSince }: Timeline): string[] {
  if (outcome === undefined || deliveriesSince === undefined) return []
  const deliveries = steps.filter(isDelivery)
  const isComplete = incomplete.every(({ what }) => !what.includes('streamed'))
  const notes: string[] = []
  if (deliveries.length > 0) notes.push(text.sentMeans)
  if (deliveries.every(({ to }) => to === 'reader'))
    notes.push(isComplete ? text.notSent : text.notSentSince(timeOf(deliveriesSince.customers)))
  if (Date.parse(outcome.classifiedAt) < Date.parse(deliveriesSince.readers))
    notes.push(text.readersSince(timeOf(deliveriesSince.readers)))
  return notes
}

const timeOf = (iso: string) => time.format(new Date(iso))
