import { defineLoad } from '../define-load.ts'

const FIRST_RATE = 100
const STEPS = 25
const GROWTH = 1.25

const rates = Array.from({ length: STEPS }, (_, step) => Math.round(FIRST_RATE * GROWTH ** step))

export default defineLoad({
  description: 'raises the rate until a threshold breaks, and prints the highest rate that passed',
  breakpoint: true,
  scenarios: {
    shoppers: {
      executor: 'ramping-arrival-rate',
      startRate: FIRST_RATE,
      // Constant rates: on a slope it would be unknown which rate broke.
      stages: rates.flatMap((rate) => [
        { duration: '0s', target: rate },
        { duration: '10s', target: rate },
      ]),
    },
  },
  thresholds: {
    http_req_failed: ['rate<0.01'],
    http_req_duration: ['p(99)<500'],
    notification_delay: ['p(99)<2000'],
    dropped_iterations: ['count==0'],
  },
})
