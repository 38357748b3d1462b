import { createAutocannon } from './tools/autocannon.ts'
import type { LoadTool } from './tools/load-tool.ts'
import { createLoadgen } from './tools/loadgen.ts'
import { makeFound } from './tools/make-found.ts'
import { createOha } from './tools/oha.ts'
import { createVegeta } from './tools/vegeta.ts'
import { createWrk } from './tools/wrk.ts'

const CONNECTIONS = '64'
/** More than any machine we have tried can send. */
const OPEN_LOAD = ['--rate', '60000', '--max-vus', '1000']
const CLOSED_LOAD = ['--vus', CONNECTIONS]

export function throughputTools(): { tools: LoadTool[]; reference: LoadTool; missing: string[] } {
  const reference = createLoadgen('npm run load, 2 workers', [...OPEN_LOAD, '--workers', '2'])
  const { made, missing } = makeFound({
    oha: (program) => [createOha(program, ['-c', CONNECTIONS])],
    vegeta: (program) => [createVegeta(program, ['-rate', '0', '-max-workers', CONNECTIONS])],
    wrk: (program) => [createWrk(program, ['-t', '2', '-c', CONNECTIONS])],
  })
  return {
    reference,
    missing,
    tools: [
      reference,
      createLoadgen('npm run load, 1 worker', [...OPEN_LOAD, '--workers', '1']),
      createLoadgen(`npm run load, 2 workers, ${CONNECTIONS} VUs`, [...CLOSED_LOAD, '--workers', '2']),
      createAutocannon(['-c', CONNECTIONS]),
      createAutocannon(['-c', CONNECTIONS, '-w', '2']),
      ...made,
    ],
  }
}
