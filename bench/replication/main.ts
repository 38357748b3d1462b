import { avoidIdleTimers } from '../../backbone/kafka/idle-timers.ts'
import { freePorts } from '../../deploy/ports.ts'
import { endChildrenWithThisProcess } from '../children.ts'
import { formatNumber } from '../compare/format-result.ts'
import { ownFlags, someOf, wholeNumber } from '../flags.ts'
import { formatTable } from '../format-table.ts'
import { pin } from '../pin.ts'
import { program } from '../program.ts'
import { createShuffle } from '../shuffled.ts'
import { formatSpread, spreadOf } from '../spread.ts'
import { startService } from '../start-service.ts'
import { createLoadgen } from '../tools/loadgen.ts'
import { startDistantBrokers, TOPIC } from './distant-brokers.ts'
import { type ReplicationSetting, settings } from './settings.ts'

const DELAYS_MS = [0, 1, 5]
const WARM_UP_SECONDS = 10

avoidIdleTimers()
pin(process.pid, 'rest')

const { only, rate, seconds, rounds } = ownFlags(
  'npm run bench:replication',
  'Measures how long a POST waits for three brokers that are 0, 1 and 5 ms apart, by their settings.',
  {
    only: someOf(
      'only these',
      settings.map(({ name }) => name),
    ),
    rate: wholeNumber('checkouts per second', 300),
    seconds: wholeNumber('seconds of each load', 10),
    rounds: wholeNumber('rounds of each setting, in a different order each', 3),
  },
)

interface Measured {
  delayMs: number
  p50: number
  p99: number
  brokersCpu: number
}

async function measure(setting: ReplicationSetting): Promise<Measured[]> {
  const brokers = await startDistantBrokers(setting)
  const [port = 0] = await freePorts(1)
  const gateway = await startService({
    command: program('gateway/main.ts'),
    port,
    env: {
      KAFKA_BROKERS: brokers.bootstrap.join(','),
      DATA_TOPIC: TOPIC,
      PARTITIONS: String(setting.topic.partitions),
    },
    role: 'product',
  })
  const load = createLoadgen('acknowledgements', ['--rate', String(rate), '--workers', '1'])
  const measured: Measured[] = []
  try {
    await load.run(gateway.url, WARM_UP_SECONDS)
    for (const delayMs of DELAYS_MS) {
      await brokers.delay(delayMs)
      const before = brokers.cpuMs()
      const { latency, refused, dropped } = await load.run(gateway.url, seconds)
      const brokersCpu = (brokers.cpuMs() - before) / 1_000 / seconds
      if (refused + dropped > 0) console.error(`${refused} refused, ${dropped} not sent in time`)
      measured.push({ delayMs, p50: latency.p50, p99: latency.p99, brokersCpu })
    }
    return measured
  } finally {
    await gateway.stop()
    await brokers.end()
  }
}

endChildrenWithThisProcess()
const shuffle = createShuffle(1)
const chosen = settings.filter(({ name }) => only.includes(name))
const results = new Map<string, Measured[][]>(chosen.map(({ name }) => [name, []]))
for (let round = 1; round <= rounds; round++)
  for (const setting of shuffle(chosen)) {
    console.error(`${setting.name}, round ${round} of ${rounds}`)
    results.get(setting.name)?.push(await measure(setting))
  }

const spread = (values: number[]) => formatSpread(spreadOf(values), formatNumber)
const [reference] = chosen
for (const delayMs of DELAYS_MS) {
  const of = (name: string, figure: 'p50' | 'p99' | 'brokersCpu') =>
    (results.get(name) ?? []).flatMap((round) =>
      round.filter((measured) => measured.delayMs === delayMs).map((measured) => measured[figure]),
    )
  const ratios = (name: string) =>
    of(name, 'p99').map((p99, round) => p99 / (of(reference?.name ?? '', 'p99')[round] ?? Number.NaN))
  console.log(`\n${delayMs} ms each way between brokers, ${rate} checkouts/s`)
  console.log(
    formatTable([
      ['', 'p50, ms', 'p99, ms', `p99 to ${reference?.name}`, 'cores of the brokers'],
      ...chosen.map(({ name }) => [
        name,
        spread(of(name, 'p50')),
        spread(of(name, 'p99')),
        spread(ratios(name)),
        spread(of(name, 'brokersCpu')),
      ]),
    ]),
  )
}
console.log(`\n${chosen.map(({ name, risk }) => `${name}: ${risk}`).join('\n')}`)
process.exit(0)
