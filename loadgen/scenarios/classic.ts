import { defineLoad } from '../define-load.ts'

export default defineLoad({
  description: 'one shopper every two seconds, without end',
  scenarios: {
    shoppers: { executor: 'constant-arrival-rate', rate: 1, timeUnit: '2s', duration: 'forever' },
  },
})
