import type {
  DeliveryStep,
  Incomplete,
  Recipient,
  TimelineStep,
} from '../../../../backbone/timeline/timeline.ts'

const steps: Record<Exclude<TimelineStep['what'], DeliveryStep['what']>, string> = {
  received: 'Received by a gateway',
  redriven: 'A dead letter was sent again',
  corrected: 'Corrected',
  warned: 'Unknown fields were not stored',
  stored: 'Stored in Kafka',
  claimed: 'The partition got a new owner',
  classified: 'Classified',
  'dead-letter': 'Put into the dead-letter topic',
  'sent-again': 'The dead letter was sent again',
  repeated: 'Sent again, nothing changed',
  conflict: 'Sent again with another body',
}
const deliveries: Record<DeliveryStep['what'], Record<Recipient, string>> = {
  streamed: {
    customer: "Outcome sent to the customer's stream",
    'for-customer': 'Outcome sent to a stream for this customer',
    reader: 'Outcome sent to the stream of another reader',
  },
  read: {
    customer: 'Outcome sent to the customer in an answer',
    'for-customer': 'Outcome sent in an answer for this customer',
    reader: 'Outcome sent to another reader in an answer',
  },
}
const recipients: Record<Exclude<Recipient, 'customer'>, string> = {
  'for-customer': "without a credential of the customer, such as by the store's backend",
  reader: 'an operator, or a reader of all customers',
}
const incomplete: Record<Incomplete['reason'], string> = {
  'record-removed': 'Retention has removed the record: who received it is not known any more.',
  'claim-removed': 'Retention has removed the record that says which processor classified it.',
  'kafka-unavailable':
    'The record could not be read from Kafka: who received it, and repetitions, are missing.',
  'too-late': 'There was not enough time to read everything: repetitions may be missing.',
  'deliveries-forgotten':
    'A processor has started, or forgotten old deliveries, since the classification: earlier deliveries are unknown.',
  'processor-silent': 'A processor did not answer: whether it has sent the outcome is unknown.',
}

export const checkout = {
  title: 'Checkout',
  timeline: 'Timeline',
  readAgain: 'Read again',
  reading: 'Reading Kafka …',
  waiting: 'There is no such event yet. Waiting for it …',
  classifying: 'Stored, but not classified yet. Waiting for it …',
  steps,
  deliveries,
  recipients,
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
  reason: 'Reason',
  warnings: {
    unknown_field: 'unknown field, not stored',
    sum_mismatch: 'the stages do not add up to taps',
  },
  didYouMean: (name: string) => `did you mean ${name}?`,
  conflictOutcome: 'Its outcome',
  conflictsWith: 'The event whose id was used again',
  by: 'by',
  became: 'What it became',
  deadLetterOf: 'Its dead letter',
  openDeadLetter: 'Open the dead letter',
  searched: (from: string, to: string) => `Searched for repetitions from offset ${from} to ${to}`,
  searchedToEnd: (from: string) => `Searched for repetitions from offset ${from} to the end of the partition`,
  sentMeans:
    'An outcome is sent when it is written to the connection. Whether it arrived, and whether a person read it, is not known.',
  notSent: 'The outcome has not been sent to the customer so far.',
  notSentSince: (time: string) =>
    `Since ${time}, no processor that answered has sent the outcome to the customer.`,
  readersSince: (time: string) => `Deliveries to other readers are known since ${time}.`,
  message: 'Message to the customer',
  noMessage: 'No message: this kind does not notify the customer.',
  data: 'Checkout',
  noData: 'The record could not be read as a checkout.',
  stages: {
    caption: 'Path through the shop',
    stage: 'Stage',
    time: 'Time',
    error: 'Error',
    slowest: 'slowest',
  },
  faults: 'Faults',
  othersOfCustomer: "The customer's other checkouts",
  all: 'All checkouts',
}
