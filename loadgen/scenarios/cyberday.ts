import { defineLoad } from '../define-load.ts'

const USUAL = 50
const SPIKE = 20 * USUAL

export default defineLoad({
  description: 'a ramp, a spike of twenty times the rate, a plateau, a tail',
  scenarios: {
    shoppers: {
      executor: 'ramping-arrival-rate',
      startRate: USUAL / 2,
      preAllocatedVUs: 100,
      maxVUs: 5_000,
      stages: [
        { duration: '20s', target: USUAL },
        { duration: '20s', target: USUAL },
        // The doors open at midnight.
        { duration: '2s', target: SPIKE },
        { duration: '20s', target: SPIKE },
        { duration: '10s', target: SPIKE / 2 },
        { duration: '40s', target: SPIKE / 2 },
        { duration: '20s', target: USUAL },
        { duration: '10s', target: USUAL },
      ],
    },
  },
  thresholds: {
    http_req_failed: ['rate<0.001'],
    http_req_duration: ['p(99)<1000'],
    notification_delay: ['p(99)<2000'],
    dropped_iterations: ['count==0'],
  },
})
