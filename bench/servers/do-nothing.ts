import { createArrivalCounter } from './arrival-counter.ts'
import { accepted, serve } from './serve.ts'

const arrivals = createArrivalCounter()

serve({
  answer() {
    arrivals.count()
    return accepted()
  },
  takeFigures: () => arrivals.take(),
})
