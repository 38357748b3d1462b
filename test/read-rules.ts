import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'

export const rulesFolder = fileURLToPath(new URL('../deploy/prometheus', import.meta.url))

const recordSchema = z.strictObject({
  record: z.string(),
  expr: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
})
const alertSchema = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
  annotations: z.strictObject({ summary: z.string(), runbook_url: z.string() }),
})

const read = (file: string): unknown => parse(readFileSync(`${rulesFolder}/${file}`, 'utf8'))
const groupsOf = <Rule extends z.ZodType>(rule: Rule, file: string) =>
  z
    .strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(rule) })) })
    .parse(read(file)).groups

export const recordGroups = groupsOf(recordSchema, 'recording.rules.yml')
export const alertGroups = groupsOf(alertSchema, 'alerts.rules.yml')
export const records = recordGroups.flatMap(({ rules }) => rules)
export const alerts = alertGroups.flatMap(({ rules }) => rules)

/** Metrics that an expression reads, by their name in Prometheus; those of a histogram without its suffixes. */
export const metricsIn = (expr: string): string[] =>
  (
    expr.match(/[a-z_]+:[a-z_0-9:]+|\b(?:checkout|http|process|up)(?:_[a-z0-9_]+)?\b(?=[{[ ),]|$)/gm) ?? []
  ).map((name) => (name.includes(':') ? name : name.replace(/_(?:bucket|count|sum)$/, '')))
