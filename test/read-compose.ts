import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'

const names = z.array(z.string()).default([])

const serviceSchema = z.object({
  image: z.string(),
  command: names,
  // Compose would convert a number or a boolean to text in its own way.
  environment: z.record(z.string(), z.string()).default({}),
  ports: names,
  volumes: names,
  networks: names,
  profiles: names,
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  restart: z.string().optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: names,
  cap_drop: names,
  security_opt: names,
  stop_grace_period: z
    .string()
    .regex(/^\d+s$/)
    .transform((text) => Number.parseInt(text, 10)),
  deploy: z.object({
    resources: z.object({
      limits: z.object({ cpus: z.string(), memory: z.string(), pids: z.number() }),
    }),
  }),
})

const composeSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
  volumes: z.record(z.string(), z.null()),
})

export type Service = z.infer<typeof serviceSchema>

export const composeFile = fileURLToPath(new URL('../docker-compose.yml', import.meta.url))

/** With merged anchors, as compose sees it. */
export const compose = composeSchema.parse(parse(readFileSync(composeFile, 'utf8'), { merge: true }))

/** The services named `role` with a number. */
export function instancesOf(role: string): [string, Service][] {
  return Object.entries(compose.services).filter(([name]) => new RegExp(`^${role}-\\d+$`).test(name))
}
