import type { Quantiles } from './quantiles.ts'
import { closedTheory, openTheory } from './stall.ts'
import { createAutocannon } from './tools/autocannon.ts'
import type { LoadTool } from './tools/load-tool.ts'
import { createLoadgen } from './tools/loadgen.ts'
import { makeFound } from './tools/make-found.ts'
import { createOha } from './tools/oha.ts'
import { createVegeta } from './tools/vegeta.ts'
import { createWrk } from './tools/wrk.ts'

const RATE = '200'
/** With this number of clients and think time the rate is about that: 10 / (0.04 s + 0.01 s). */
const CLIENTS = '10'
const THINK_MS = 40

/** `corrected` is a closed model, but the tool corrects for requests that it did not send. */
export const models = ['open', 'closed', 'corrected'] as const
export type Model = (typeof models)[number]

export interface AgreementRun {
  tool: LoadTool
  model: Model
  theory: Quantiles
}

const open = (tool: LoadTool): AgreementRun => ({ tool, model: 'open', theory: openTheory() })
const closed = (tool: LoadTool): AgreementRun => ({
  tool,
  model: 'closed',
  theory: closedTheory(Number(CLIENTS), THINK_MS),
})
const corrected = (tool: LoadTool): AgreementRun => ({ ...open(tool), model: 'corrected' })

export function agreementRuns(): { loadgen: AgreementRun; others: AgreementRun[]; missing: string[] } {
  const { made, missing } = makeFound({
    vegeta: (program) => [open(createVegeta(program, ['-rate', RATE]))],
    oha: (program) => [
      closed(createOha(program, ['-c', CLIENTS, '-q', RATE])),
      corrected(createOha(program, ['-c', CLIENTS, '-q', RATE, '--latency-correction'])),
    ],
    wrk: (program) => [corrected(createWrk(program, ['-t', '1', '-c', CLIENTS], THINK_MS))],
  })
  return {
    missing,
    loadgen: open(createLoadgen(`npm run load --rate ${RATE}`, ['--rate', RATE])),
    others: [
      closed(
        createLoadgen(`npm run load --vus ${CLIENTS}`, ['--vus', CLIENTS, '--think-time', `${THINK_MS}ms`]),
      ),
      closed(createAutocannon(['-c', CLIENTS, '-R', RATE, '-C'])),
      corrected(createAutocannon(['-c', CLIENTS, '-R', RATE])),
      ...made,
    ],
  }
}
