import { defineLoad } from '../define-load.ts'

export default defineLoad({
  description: '50/s for 10 s: does everything work',
  scenarios: { shoppers: { executor: 'constant-arrival-rate', rate: 50, duration: '10s' } },
  thresholds: { http_req_failed: ['rate==0'], lost: ['count==0'], duplicated: ['count==0'] },
})
