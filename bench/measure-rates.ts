import { formatTable } from './format-table.ts'
import type { CountingServer, Plan } from './plan.ts'
import { formatSpread, spreadOf } from './spread.ts'
import { createLoadgen, type LoadgenTool } from './tools/loadgen.ts'

const RATES = [100, 1_000, 10_000]
const FAST = { rate: 20_000, args: ['--workers', '2'] }
/** Relative to the planned rate. */
const TOLERANCE = 0.01

interface Load {
  rate: number
  tool: LoadgenTool
}

interface Round {
  /** Relative to the planned rate, as counted by the server. */
  requests: number
  perSecond: number
  dropped: number
  p50: number
  p99: number
}

/** Whether the planned rate arrives; true if the fastest one does. */
export async function measureRates(server: CountingServer, plan: Plan): Promise<boolean> {
  const fast = loadOf(FAST.rate, FAST.args)
  const loads = [...RATES.map((rate) => loadOf(rate, [])), fast]
  const rounds = new Map<Load, Round[]>(loads.map((load) => [load, []]))
  for (let round = 0; round < plan.rounds; round++) {
    for (const load of plan.shuffle(loads)) rounds.get(load)?.push(await measure(load, server, plan.seconds))
  }

  const header = ['planned rate', 'arrived/s, %', 'arrived in total, %', 'dropped', 'p50, ms', 'p99, ms']
  console.log(formatTable([header, ...[...rounds].map(([{ tool }, measured]) => rowOf(tool.name, measured))]))

  const fastRounds = rounds.get(fast) ?? []
  const each = fastRounds.map((round, index) => rowOf(`round ${index + 1}`, [round]))
  console.log(`\n${formatTable([[fast.tool.name, ...header.slice(1)], ...each])}`)
  const holds = isHeld(fastRounds)
  console.log(
    `\n${holds ? 'pass' : 'FAIL'}: ${fast.tool.name}: in every round all arrived, nothing was dropped, ` +
      `and the rate is the planned one, within ${TOLERANCE * 100} %`,
  )
  return holds
}

function loadOf(rate: number, args: string[]): Load {
  const name = [`${rate.toLocaleString('en')}/s`, ...args].join(' ')
  return { rate, tool: createLoadgen(name, ['--rate', String(rate), ...args]) }
}

async function measure({ rate, tool }: Load, server: CountingServer, seconds: number): Promise<Round> {
  const { dropped, latency } = await tool.run(server.url, seconds)
  const { requests, perSecond } = await server.takeFigures()
  return {
    requests: requests / (rate * seconds),
    perSecond: perSecond / rate,
    dropped,
    p50: latency.p50,
    p99: latency.p99,
  }
}

const percent = (share: number) => (share * 100).toFixed(2)

const isHeld = (rounds: readonly Round[]): boolean =>
  rounds.every(
    ({ requests, dropped, perSecond }) =>
      dropped === 0 && requests === 1 && Math.abs(perSecond - 1) <= TOLERANCE,
  )

function rowOf(name: string, rounds: readonly Round[]): string[] {
  const column = (of: (round: Round) => number, format: (value: number) => string) =>
    rounds.length === 1 ? rounds.map(of).map(format).join('') : formatSpread(spreadOf(rounds.map(of)), format)
  return [
    name,
    column(({ perSecond }) => perSecond, percent),
    column(({ requests }) => requests, percent),
    column(({ dropped }) => dropped, String),
    column(
      ({ p50 }) => p50,
      (value) => value.toFixed(2),
    ),
    column(
      ({ p99 }) => p99,
      (value) => value.toFixed(1),
    ),
  ]
}
