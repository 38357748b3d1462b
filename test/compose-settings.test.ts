import { expect, test } from 'vitest'
import { allowedHosts, assertGuarded } from '../backbone/http/listen-settings.ts'
import { serverProperties } from '../deploy/kafka/server-properties.ts'
import { gatewaySettings } from '../gateway/config.ts'
import { readOptions } from '../loadgen/options/options.ts'
import { processorSettings } from '../processor/config.ts'
import { compose, instancesOf } from './read-compose.ts'
import { settingsOf } from './settings-of.ts'

const brokers = instancesOf('kafka')
const gateways = instancesOf('gateway')
const processors = instancesOf('processor')
const brokerAddresses = brokers.map(([broker]) => `${broker}:9092`)

test.each(gateways)('%s finds its brokers and the processors', (name, service) => {
  const settings = settingsOf(gatewaySettings, service.environment)
  expect(() => assertGuarded(settings)).not.toThrow()
  expect(settings.INSTANCE).toBe(name)
  // It has no keys.
  expect(allowedHosts(settings)).toEqual(gateways.map(([gateway]) => gateway))
  expect(settings.KAFKA_BROKERS).toEqual(brokerAddresses)
  expect(settings.PROCESSOR_URLS).toEqual(
    processors.map(([processor, { environment }]) => `http://${processor}:${environment['PORT']}`),
  )
})

test.each(processors)('%s finds its brokers and keeps its read model in its volume', (name, service) => {
  const settings = settingsOf(processorSettings, service.environment)
  expect(() => assertGuarded(settings)).not.toThrow()
  expect(settings.INSTANCE).toBe(name)
  expect(allowedHosts(settings)).toEqual(processors.map(([processor]) => processor))
  expect(settings.KAFKA_BROKERS).toEqual(brokerAddresses)
  expect(service.volumes).toEqual([`${name}:/data`])
  expect(settings.VIEW_FILE).toMatch(/^\/data\/[^/]+$/)
})

test.each([...gateways, ...processors])('%s is asked for its health where it listens', (_, service) => {
  const { PORT } = service.environment
  expect(service.healthcheck?.test.at(-1)).toContain(`http://127.0.0.1:${PORT}/health/ready`)
  for (const port of service.ports) expect(port.endsWith(`:${PORT}`)).toBe(true)
})

test('the load generator has options that it takes and a gateway that exists', async () => {
  const loadgen = compose.services['loadgen']
  const command = await readOptions(loadgen?.command.slice(1) ?? [])
  const options = command.kind === 'load' ? command.options : undefined
  expect(options?.plans).toMatchObject([{ segments: [{ from: 200, to: 200, durationMs: 60_000 }] }])
  const { hostname, port } = new URL(options?.target ?? '')
  expect(Object.keys(loadgen?.depends_on ?? {})).toContain(hostname)
  expect(compose.services[hostname]?.environment['PORT']).toBe(port)
})

test.each(brokers)(
  '%s is set up like the brokers of the local launcher',
  (name, { environment, volumes }) => {
    const id = Number(name.split('-')[1])
    const nodes = brokers.map((_, i) => ({ id: i + 1, port: 9092, controllerPort: 9093 }))
    const local = serverProperties({ id, port: 9092, controllerPort: 9093 }, nodes, '/var/lib/kafka/data', {})
    const addressed = {
      'controller.quorum.voters': brokers.map(([broker], i) => `${i + 1}@${broker}:9093`).join(','),
      listeners: 'BROKER://:9092,CONTROLLER://:9093',
      'advertised.listeners': `BROKER://${name}:9092`,
    }
    expect(propertiesOf(environment)).toEqual({ ...parseProperties(local), ...addressed })
    expect(volumes).toEqual([`${name}:/var/lib/kafka/data`])
  },
)

test('the brokers belong to one cluster, whose id is a UUID as Kafka writes it', () => {
  const ids = new Set(brokers.map(([, { environment }]) => environment['CLUSTER_ID']))
  expect([...ids]).toEqual([expect.stringMatching(/^[\w-]{22}$/)])
})

/** How the image maps its environment to properties; KAFKA_HEAP_OPTS is for its start script. */
function propertiesOf(environment: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment)
      .filter(([name]) => name.startsWith('KAFKA_') && name !== 'KAFKA_HEAP_OPTS')
      .map(([name, value]) => [name.slice('KAFKA_'.length).toLowerCase().replaceAll('_', '.'), value]),
  )
}

function parseProperties(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => {
        const [key = '', ...rest] = line.split('=')
        return [key, rest.join('=')]
      }),
  )
}
