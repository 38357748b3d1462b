import { sampleCheckout } from '../../backbone/records/sample-checkout.ts'

const visit = { ...sampleCheckout, taps: 0, folio: null }

/** Example bodies, by their names on the page /docs. */
export const checkoutExamples = {
  quick: { summary: 'A purchase that took 17.8 minutes', value: sampleCheckout },
  slow: {
    summary: 'A purchase that took 41 minutes',
    value: { ...sampleCheckout, taps: 41, folio: 'SRZ-5510' },
  },
  visit: { summary: 'A visit without a purchase', value: visit },
  corrected: {
    summary: 'Spaces, capitals and numbers sent as text: stored, and the answer lists the corrections',
    value: { ...sampleCheckout, id: sampleCheckout.id.toUpperCase(), nombre: ' Scarlett ', edad: '44' },
  },
}

/** Not as NDJSON: fuzzers that take examples from the description cannot write it. */
export const batchExamples = {
  two: {
    summary: 'A purchase and a visit',
    value: [
      { ...sampleCheckout, idempotencyKey: 'order-1' },
      { ...visit, idempotencyKey: 'visit-1' },
    ],
  },
}
