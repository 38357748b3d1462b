import { setTimeout as sleep } from 'node:timers/promises'
import { quantiles } from '../quantiles.ts'
import { answerAt } from '../stall.ts'
import { createArrivalCounter } from './arrival-counter.ts'
import { accepted, serve } from './serve.ts'

const arrivals = createArrivalCounter()
let firstAt: number | undefined
let tookMs: number[] = []

function takeFigures() {
  const figures = { ...arrivals.take(), latency: quantiles(tookMs) }
  firstAt = undefined
  tookMs = []
  return figures
}

export type StallFigures = ReturnType<typeof takeFigures>

serve({
  async answer() {
    const arrivedAt = performance.now()
    arrivals.count()
    firstAt ??= arrivedAt
    const dueAt = firstAt + answerAt(arrivedAt - firstAt)
    await sleep(dueAt - arrivedAt)
    tookMs.push(performance.now() - arrivedAt)
    return accepted()
  },
  takeFigures,
})
