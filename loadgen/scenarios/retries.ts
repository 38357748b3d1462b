import { defineLoad } from '../define-load.ts'

export default defineLoad({
  description: 'impatient clients: they time out early and retry with the same key',
  scenarios: {
    impatient: {
      executor: 'constant-arrival-rate',
      rate: 200,
      duration: '30s',
      timeout: '50ms',
      retry: { attempts: 10, backoff: '100ms' },
    },
  },
  thresholds: { lost: ['count==0'], duplicated: ['count==0'] },
})
