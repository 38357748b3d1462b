import { existsSync, readFileSync } from 'node:fs'
import { DCLinter } from 'dclint'
import { describe, expect, test } from 'vitest'
import { drainSeconds } from './drain-seconds.ts'
import { compose, composeFile, instancesOf } from './read-compose.ts'

const services = Object.entries(compose.services)
const lasting = services.filter(([, { profiles }]) => profiles.length === 0)
const ours = services.filter(([, { image }]) => !image.startsWith('apache/kafka:'))
const fileAt = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

test('the file satisfies the compose specification and dclint', () => {
  const off = 0
  const linter = new DCLinter({
    rules: {
      // Services are in start order, and each has only the keys in which it differs.
      'service-keys-order': off,
      'services-alphabetical-order': off,
      'top-level-properties-order': off,
      // One image for five services, with a common name.
      'no-build-and-image': off,
    },
    quiet: false,
    debug: false,
    exclude: [],
  })
  const [result] = linter.lintFiles([composeFile], false)
  expect(result?.messages).toEqual([])
})

test('it has three brokers, two gateways, two processors and, in a profile, the load generator', () => {
  const names = ['kafka-1', 'kafka-2', 'kafka-3', 'gateway-1', 'gateway-2', 'processor-1', 'processor-2']
  expect(lasting.map(([name]) => name)).toEqual(names)
  expect(compose.services['loadgen']?.profiles).toEqual(['load'])
})

test('the images are the versions that the rest of the project uses', () => {
  const [, kafka] = /<kafka\.version>(.+?)</.exec(fileAt('deploy/kafka/pom.xml')) ?? []
  const { version } = JSON.parse(fileAt('package.json'))
  const images = new Set(services.map(([, { image }]) => image))
  expect([...images]).toEqual([`apache/kafka:${kafka}`, `cyberday-checkout-gateway:${version}`])
})

describe.each(services)('%s', (_, service) => {
  test('is bounded and may do no more than it must', () => {
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.security_opt).toEqual(['no-new-privileges:true'])
    expect(service.deploy.resources.limits).toMatchObject({ memory: expect.stringMatching(/^\d+[MG]$/) })
    expect(service.init).toBe(true)
  })

  test('depends only on what exists and says when it is healthy', () => {
    for (const [name, { condition }] of Object.entries(service.depends_on)) {
      expect(condition).toBe('service_healthy')
      expect(compose.services[name]?.healthcheck).toBeDefined()
    }
  })

  test('publishes nothing beyond this machine', () => {
    for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })

  test('names networks that exist', () => {
    expect(service.networks.length).toBeGreaterThan(0)
    expect(Object.keys(compose.networks)).toEqual(expect.arrayContaining(service.networks))
  })
})

test.each(lasting)('%s says whether it is well and comes back when it dies', (_, service) => {
  expect(service.healthcheck).toBeDefined()
  expect(service.restart).toBe('unless-stopped')
})

test.each(ours)('%s cannot write where it need not, and runs a file that exists', (_, service) => {
  expect(service.read_only).toBe(true)
  expect(service.tmpfs).toEqual([expect.stringMatching(/^\/tmp:size=/)])
  expect(existsSync(new URL(`../${service.command[0]}`, import.meta.url))).toBe(true)
})

test.each([...instancesOf('gateway'), ...instancesOf('processor')])('%s has time to drain', (_, service) => {
  expect(service.stop_grace_period).toBeGreaterThan(drainSeconds(service.command[0] ?? ''))
})

test('every volume is declared, and belongs to one service', () => {
  const mounted = services.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(':')[0]))
  expect(mounted).toEqual(Object.keys(compose.volumes))
})

test('a port of this machine leads to one gateway and to nothing else', () => {
  const published = services.flatMap(([name, { ports }]) => ports.map((port) => `${name} ${port}`))
  expect(published).toEqual(['gateway-1 127.0.0.1:8080:8080', 'gateway-2 127.0.0.1:8081:8080'])
})

test('brokers and processors, which do not authenticate, are in an isolated network', () => {
  const sheltered = [...instancesOf('kafka'), ...instancesOf('processor')]
  const networks = new Set(sheltered.flatMap(([, service]) => service.networks))
  for (const name of networks) expect(compose.networks[name]?.internal).toBe(true)
})
