import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'
import { createChild } from '../deploy/child.ts'
import { freePorts } from '../deploy/ports.ts'
import type { Watchdog } from '../deploy/watchdog.ts'
import { prometheusTools } from './prometheus-tools.ts'
import { alertGroups, recordGroups } from './read-rules.ts'

interface PrometheusOptions {
  folder: string
  watchdog: Watchdog
  /** Addresses of the processes, `host:port`. */
  targets: readonly string[]
  /** Of scope operate. */
  key: string
  /** Thresholds by alert: what the rules have, and what this Prometheus has instead. */
  thresholds: Readonly<Record<string, [string, string]>>
  /** Alerts that are about this machine. */
  ignored: readonly string[]
}

const seriesSchema = z.object({
  metric: z.record(z.string(), z.string()),
  value: z.tuple([z.number(), z.string()]),
})
const answerSchema = z.object({
  status: z.literal('success'),
  data: z.object({ result: z.array(seriesSchema) }),
})

const TIMES_FASTER = 60
/** For what is compared with the day before: the tests last minutes. */
const TIMES_FASTER_AGO = 1_440
/** Of a range: with a scrape a second, two of them are in it even if one is late. */
const SHORTEST_SECONDS = 4
const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }

/**
 * A real Prometheus with the rules of deploy/prometheus, 60 times as fast: each minute of a rule is a second. The same time
 * a day ago is a minute ago.
 */
export async function startPrometheus(options: PrometheusOptions) {
  const { folder, watchdog, targets, key, thresholds, ignored } = options
  const [port] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  mkdirSync(folder, { recursive: true })
  const write = (name: string, content: string) => writeFileSync(join(folder, name), content)
  write('key', key)
  const groups = [...recordGroups, ...alertGroups].map(({ name, rules }) => ({
    name,
    rules: rules.map((rule: Rule) => fasterRule(rule, thresholds)),
  }))
  write('rules.yml', stringify({ groups }))
  write(
    'prometheus.yml',
    stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yml'],
      scrape_configs: [
        { job_name: 'checkout', authorization: { credentials_file: 'key' }, static_configs: [{ targets }] },
      ],
    }),
  )
  const child = createChild({
    name: 'prometheus',
    stage: 'gateway',
    command: prometheusTools().prometheus,
    args: [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    env: {},
    logFile: join(folder, 'prometheus.log'),
    watchdog,
  })
  child.start()

  /** The series that answer an expression now. */
  async function query(expr: string) {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`)
    const text = await response.text()
    if (!response.ok) throw new Error(`${expr}: ${text}`)
    return answerSchema.parse(JSON.parse(text)).data.result
  }

  /** `NAME severity` of each alert that fires now. */
  async function firing(): Promise<string[]> {
    const series = await query(
      `count by (alertname, severity) (ALERTS{alertstate="firing",alertname!~"${ignored.join('|')}"})`,
    )
    return series.map(({ metric }) => `${metric['alertname']} ${metric['severity']}`).toSorted()
  }

  await vi.waitFor(
    async () => {
      const up = await query('up == 1')
      if (up.length < targets.length) throw new Error(`Prometheus scrapes ${up.length} of ${targets.length}`)
      // It found no target before its first scrape.
      const first = await firing()
      if (first.length > 0) throw new Error(`${first.join()} fires from the start`)
    },
    { timeout: 30_000, interval: 200 },
  )
  return { query, firing }
}

interface Rule {
  alert?: string
  expr: string
  for?: string | undefined
}

/** The rule with every time shortened, and its threshold replaced. */
function fasterRule(rule: Rule, thresholds: PrometheusOptions['thresholds']): Rule {
  const [from = '', to = ''] = thresholds[rule.alert ?? ''] ?? []
  if (!rule.expr.includes(from)) throw new Error(`${rule.alert} has no threshold ${from}`)
  return {
    ...rule,
    expr: faster(rule.expr.replace(from, to)),
    ...(rule.for !== undefined && { for: shortened(rule.for) }),
  }
}

/** The expression with every range and offset shortened. */
export const faster = (expr: string): string =>
  expr
    .replaceAll(/(?<=\[)\w+(?=\])/g, (range) => shortened(range, { least: SHORTEST_SECONDS }))
    .replaceAll(/(?<=offset )\w+/g, (offset) => shortened(offset, { times: TIMES_FASTER_AGO }))

function shortened(duration: string, { times = TIMES_FASTER, least = 1 } = {}): string {
  const [, number = '', unit = 's'] = /^(\d+)([smhdw])$/.exec(duration) ?? []
  const seconds = Number(number) * SECONDS[unit as keyof typeof SECONDS]
  return `${Math.max(least, Math.round(seconds / times))}s`
}
