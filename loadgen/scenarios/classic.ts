import { defineLoad } from '../define-load.ts'

export default defineLoad({
  description: 'one shopper every two seconds, for ever',
  scenarios: {
    shoppers: { executor: 'constant-arrival-rate', rate: 1, timeUnit: '2s', duration: 'forever' },
  },
})
