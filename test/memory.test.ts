import { expect, test } from 'vitest'
import { residentMiB } from '../bench/resident-mib.ts'
import { createSender } from '../loadgen/sending/send-checkout.ts'
import { checkoutKinds, checkoutOf } from './checkouts.ts'
import type { Instance } from './test-system.ts'
import { useSystem } from './use-system.ts'

// More than a gateway remembers; `npm run faults` observes memory over many more.
const CHECKOUTS = 30_000
const CLIENTS = 64
const GATEWAY_MIB = 250
const PROCESSOR_MIB = 350

const system = useSystem({ gateways: 1, processors: 2 })

test('memory stays bounded over many checkouts', { timeout: 600_000 }, async () => {
  const target = system().gateways[0]?.url ?? ''
  const { send, close } = createSender({ target, credential: {}, timeoutMs: 30_000, needsEventId: true })
  let last = ''
  let next = 0
  const client = async () => {
    while (next < CHECKOUTS) {
      const number = next++
      const checkout = checkoutOf(checkoutKinds[number % checkoutKinds.length] ?? 'quick', number)
      const { outcome, eventId } = await send(`memory-${number}`, JSON.stringify(checkout))
      if (eventId === undefined) throw new Error(`${outcome}`)
      last = eventId
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  close()

  for (const { url } of system().processors) {
    const response = await fetch(`${url}/checkout/${last}`, { headers: { prefer: 'wait=30' } })
    expect(response.status).toBe(200)
  }
  // Garbage of the last seconds may still exist; the runtime collects it soon.
  await expect
    .poll(() => largest(system().processors), { timeout: 30_000, interval: 1_000 })
    .toBeLessThan(PROCESSOR_MIB)
  await expect
    .poll(() => largest(system().gateways), { timeout: 30_000, interval: 1_000 })
    .toBeLessThan(GATEWAY_MIB)
})

function largest(instances: Instance[]): number {
  const mib = instances.map(({ child }) => residentMiB(child.pid ?? 0))
  console.log('resident MiB', mib)
  return Math.max(...mib)
}
