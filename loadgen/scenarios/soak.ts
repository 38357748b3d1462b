import { defineLoad } from '../define-load.ts'

export default defineLoad({
  description: 'four hours at a steady rate',
  scenarios: { shoppers: { executor: 'constant-arrival-rate', rate: 200, duration: '4h' } },
  thresholds: {
    http_req_failed: ['rate<0.0001'],
    // What grows slowly shows in windows, and disappears in the whole.
    http_req_duration: ['p(99)<500 over 1m'],
    notification_delay: ['p(99)<1000 over 1m'],
  },
})
