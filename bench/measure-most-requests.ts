import { formatTable } from './format-table.ts'
import type { CountingServer, Plan } from './plan.ts'
import { formatSpread, spreadOf } from './spread.ts'
import { throughputTools } from './throughput-tools.ts'
import type { LoadTool } from './tools/load-tool.ts'

interface Round {
  perSecond: number
  cpuUsPerRequest: number
}

/** The maximum request rate of each tool. */
export async function measureMostRequests(server: CountingServer, plan: Plan): Promise<void> {
  const { tools, reference, missing } = throughputTools()
  if (missing.length > 0) console.log(`not on PATH, skipped: ${missing.join(', ')}\n`)
  // The server's code is compiled in the first seconds.
  await reference.run(server.url, 2)
  await server.takeFigures()

  const rounds = new Map<LoadTool, Round[]>(tools.map((tool) => [tool, []]))
  for (let round = 0; round < plan.rounds; round++) {
    for (const tool of plan.shuffle(tools)) rounds.get(tool)?.push(await measure(tool, server, plan.seconds))
  }

  const ofReference = (rounds.get(reference) ?? []).map(({ perSecond }) => perSecond)
  const rows = [...rounds].map(([{ name }, measured]) => {
    const perSecond = measured.map((round) => round.perSecond)
    const ratios = perSecond.map((value, round) => value / (ofReference[round] ?? Number.NaN))
    return [
      name,
      formatSpread(spreadOf(perSecond), (value) => Math.round(value).toLocaleString('en')),
      formatSpread(spreadOf(ratios), (value) => value.toFixed(2)),
      spreadOf(measured.map(({ cpuUsPerRequest }) => cpuUsPerRequest)).median.toFixed(0),
    ]
  })
  console.log(`\n${formatTable([['tool', 'requests/s', `to ${reference.name}`, 'CPU µs/request'], ...rows])}`)
}

async function measure(tool: LoadTool, server: CountingServer, seconds: number): Promise<Round> {
  const { requests, cpuMs } = await tool.run(server.url, seconds)
  const counted = await server.takeFigures()
  const difference = requests / counted.requests - 1
  if (Math.abs(difference) > 0.01) {
    const percent = (difference * 100).toFixed(1)
    console.log(
      `${tool.name} says ${requests} requests, the server counted ${counted.requests}: ${percent} %`,
    )
  }
  return { perSecond: counted.perSecond, cpuUsPerRequest: (cpuMs * 1000) / counted.requests }
}
