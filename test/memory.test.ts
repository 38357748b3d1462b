import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createSender } from '../loadgen/send-checkout.ts'
import { type CheckoutKind, checkoutOf } from './checkouts.ts'
import { type Instance, startSystem, type TestSystem } from './test-system.ts'

const CHECKOUTS = 500_000
const CLIENTS = 64
const GATEWAY_MIB = 250
const PROCESSOR_MIB = 350
const KINDS: CheckoutKind[] = ['quick', 'slow', 'none', 'unverified']

let system: TestSystem

beforeAll(async () => {
  system = await startSystem({ brokers: inject('kafkaBrokers'), gateways: 1, processors: 2 })
})
afterAll(() => system.stop())

const residentMiB = ({ child }: Instance) =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)]).toString()) / 1024

test('memory stays bounded over half a million checkouts', { timeout: 600_000 }, async () => {
  const { send, close } = createSender(system.gateways[0]?.url ?? '', 'memory')
  let last = ''
  let next = 0
  const client = async () => {
    while (next < CHECKOUTS) {
      const number = next++
      const result = await send(number, checkoutOf(KINDS[number % KINDS.length] ?? 'quick', number))
      if ('failure' in result) throw new Error(result.failure)
      last = result.eventId
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  close()

  for (const { url } of system.processors) {
    const response = await fetch(`${url}/checkout/${last}`, { headers: { prefer: 'wait=30' } })
    expect(response.status).toBe(200)
  }
  // Garbage of the last seconds may still be there; it is the runtime's to take back, and soon.
  await expect
    .poll(() => largest(system.processors), { timeout: 30_000, interval: 1_000 })
    .toBeLessThan(PROCESSOR_MIB)
  await expect
    .poll(() => largest(system.gateways), { timeout: 30_000, interval: 1_000 })
    .toBeLessThan(GATEWAY_MIB)
})

function largest(instances: Instance[]): number {
  const mib = instances.map(residentMiB)
  console.log('resident MiB', mib)
  return Math.max(...mib)
}
