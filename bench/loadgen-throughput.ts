import { endChildrenWithThisProcess } from './children.ts'
import { ownFlags, wholeNumber } from './flags.ts'
import { measureMostRequests } from './measure-most-requests.ts'
import { measureRates } from './measure-rates.ts'
import type { Arrivals } from './servers/arrival-counter.ts'
import { startServer } from './servers/start-server.ts'
import { createShuffle } from './shuffled.ts'

const ORDER_SEED = 1

endChildrenWithThisProcess()
const { seconds, rounds } = ownFlags(
  'npm run bench:loadgen',
  'Measures the throughput and precision of the load generator and of other tools.',
  {
    seconds: wholeNumber('seconds of each load', 5, { most: 60 }),
    rounds: wholeNumber('rounds of all tools', 5, { most: 60 }),
  },
)
const plan = { seconds, rounds, shuffle: createShuffle(ORDER_SEED) }
console.log(`${rounds} rounds of ${seconds} s each, in an order of seed ${ORDER_SEED}\n`)

const server = await startServer<Arrivals>('do-nothing.ts')
await measureMostRequests(server, plan)
console.log()
const isFastEnough = await measureRates(server, plan)
process.exit(isFastEnough ? 0 : 1)
