import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { rows } from '../../deploy/grafana/panels.ts'
import { knownMetrics } from '../known-metrics.ts'
import { alerts, metricsIn, records } from '../read-rules.ts'

const page = readFileSync(new URL('../../docs/guides/operations.md', import.meta.url), 'utf8')
const [, section = ''] = /\n## Alerts\n([^]*?)\n## /.exec(page) ?? []
const runbooks = [...section.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)

/** Of Prometheus, and of every process. */
const OTHERS = ['up', 'process_cpu_seconds_total', 'process_resident_memory_bytes']
const known = [
  ...(await knownMetrics.gateway()),
  ...(await knownMetrics.processor()),
  ...OTHERS,
  ...records.map(({ record }) => record),
]

test('the operations guide has a section for each alert, and for nothing else', () => {
  expect(new Set(runbooks)).toEqual(new Set(alerts.map(({ alert }) => alert)))
})

describe.each(alerts)('$alert ($labels.severity)', ({ alert, annotations, expr }) => {
  test('has a name in PascalCase and leads to its section', () => {
    expect(alert).toMatch(/^(?:[A-Z][a-z]+){2,}$/)
    expect(annotations.runbook_url).toBe(`docs/guides/operations.md#${alert.toLowerCase()}`)
  })

  test('reads only what is exported or recorded', () => {
    expectKnown(expr)
  })
})

test.each(records)('$record reads only what is exported or recorded', ({ expr }) => {
  expectKnown(expr)
})

test.each(rows.flatMap(({ panels }) => panels))(
  'the panel "$title" reads only what is exported or recorded',
  ({ queries }) => {
    for (const expr of Object.values(queries)) expectKnown(expr)
  },
)

test('every recorded series is a level, a metric and its operations', () => {
  for (const { record } of records) expect(record).toMatch(/^[a-z_]+:[a-z_]+:[a-z0-9_]+$/)
})

function expectKnown(expr: string) {
  const named = metricsIn(expr)
  expect(named.length).toBeGreaterThan(0)
  expect(known).toEqual(expect.arrayContaining(named))
}
