import { models } from './agreement-runs.ts'
import { formatTable } from './format-table.ts'
import type { Finding } from './judge-agreement.ts'
import { type Quantiles, quantileNames } from './quantiles.ts'

/** The findings of each model, below the expected values. */
export function formatFindings(findings: readonly Finding[]): string {
  const byModel = Map.groupBy(findings, ({ model }) => model)
  const rows: string[][] = []
  for (const model of models) {
    const ofModel = byModel.get(model) ?? []
    for (const { theory } of ofModel.slice(0, 1)) rows.push(rowOf(`${model}, expected`, '', theory))
    for (const { name, requests, latency, server } of ofModel) {
      rows.push(rowOf(`  ${name}`, String(requests), latency))
      rows.push(rowOf('    the server', String(server.requests), server.latency))
    }
  }
  return formatTable([['', 'requests', ...quantileNames.map((name) => `${name}, ms`)], ...rows])
}

const rowOf = (name: string, requests: string, quantiles: Quantiles) => [
  name,
  requests,
  ...quantileNames.map((quantile) => quantiles[quantile].toFixed(1)),
]
