import { defineLoad } from '../define-load.ts'

const DURATION = '1m'

export default defineLoad({
  description: 'buyers, visitors, impatient clients and clients that wait for outcomes, all at once',
  scenarios: {
    buyers: {
      executor: 'constant-arrival-rate',
      rate: 100,
      duration: DURATION,
      shoppers: { buyers: 1 },
    },
    visits: {
      executor: 'ramping-arrival-rate',
      startRate: 50,
      stages: [
        { duration: '20s', target: 300 },
        { duration: '40s', target: 100 },
      ],
      shoppers: { buyers: 0 },
    },
    impatient: {
      executor: 'constant-arrival-rate',
      rate: 20,
      duration: DURATION,
      timeout: '100ms',
      retry: { attempts: 5 },
    },
    people: { executor: 'constant-vus', vus: 20, duration: DURATION, thinkTime: ['500ms', '3s'] },
  },
  thresholds: {
    'http_req_failed{scenario:buyers}': ['rate<0.001'],
    'http_req_duration{lane:purchase}': ['p(99)<500'],
    lost: ['count==0'],
    duplicated: ['count==0'],
  },
})
