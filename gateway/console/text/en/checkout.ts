import type { Incomplete, TimelineStep } from '../../../../backbone/operations/timeline.ts'
import type { OutcomeKind } from '../../../../backbone/records/outcome.ts'

const kinds: Record<OutcomeKind, string> = {
  none: 'visit without a purchase',
  quick: 'quick purchase',
  slow: 'slow purchase',
  unverified: 'unverified purchase',
  invalid: 'invalid record',
}
const steps: Record<TimelineStep['what'], string> = {
  received: 'Received by a gateway',
  redriven: 'A dead letter was sent again',
  corrected: 'Corrected',
  warned: 'Unknown fields were not stored',
  stored: 'Stored in Kafka',
  claimed: 'The partition got a new owner',
  classified: 'Classified',
  'dead-letter': 'Put into the dead-letter topic',
  repeated: 'Sent again, nothing changed',
  conflict: 'Sent again with another body',
}
const incomplete: Record<Incomplete['reason'], string> = {
  'record-removed': 'Retention has removed the record: who received it is not known any more.',
  'claim-removed': 'Retention has removed the claim of the processor that classified it.',
  'kafka-unavailable':
    'The record could not be read from Kafka: who received it, and repetitions, are missing.',
  'too-late': 'There was not enough time to read everything: repetitions may be missing.',
}

export const checkout = {
  title: 'Checkout',
  timeline: 'Timeline',
  readAgain: 'Read again',
  reading: 'Reading Kafka …',
  waiting: 'There is no such event yet. Waiting for it …',
  classifying: 'Stored, but not classified yet. Waiting for it …',
  kinds,
  steps,
  incomplete,
  directly: 'Written directly to Kafka by another program',
  eventId: 'Event id',
  request: 'request',
  partition: 'partition',
  offset: 'offset',
  copy: 'Copy',
  copied: 'Copied',
  copyOf: (name: string) => `Copy the ${name}`,
  timeUnknown: 'time unknown',
  clocks: 'clocks differ',
  asKind: (kind: string) => `as ${kind}`,
  reason: 'Reason',
  didYouMean: (name: string) => `did you mean ${name}?`,
  conflictOutcome: 'Its outcome',
  conflictsWith: 'The event whose id was used again',
  by: 'by',
  deadLetterOf: 'Its dead letter',
  openDeadLetter: 'Open the dead letter',
  searched: (from: string, to: string) => `Searched for repetitions from offset ${from} to ${to}`,
  searchedToEnd: (from: string) => `Searched for repetitions from offset ${from} to the end of the partition`,
  message: 'Message to the customer',
  noMessage: 'No message: this kind does not notify the customer.',
  data: 'Checkout',
  noData: 'The record could not be read as a checkout.',
  faults: 'Faults',
  othersOfCustomer: "The customer's other checkouts",
  all: 'All checkouts',
}
