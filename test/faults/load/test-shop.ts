import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import type { SentCheckout } from './sent-checkout.ts'
import { type Storefront, startStorefront } from './storefront.ts'
import { startTestGateway } from './test-gateway.ts'

const SEED = 7

/** Storefronts and gateways for the tests of one file, and their ledgers. */
export function createTestShop() {
  const folder = mkdtempSync(join(tmpdir(), 'storefront-'))
  const stops: (() => Promise<void>)[] = []
  let ledgers = 0

  return {
    async gateway(...[answer]: Parameters<typeof startTestGateway>) {
      const started = await startTestGateway(answer)
      stops.push(started.stop)
      return started
    },
    sell(gateways: string[], rate = 400) {
      const ledgerFile = join(folder, `${ledgers++}.ndjson`)
      const storefront = startStorefront({ gateways, rate, seed: SEED, run: 'test', ledgerFile })
      const readLedger = () =>
        readFileSync(ledgerFile, 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as SentCheckout)
      return { ...storefront, readLedger }
    },
    async stop() {
      await Promise.all(stops.map((stop) => stop()))
      rmSync(folder, { recursive: true })
    },
  }
}

export const dueAtLeast = (storefront: Storefront, count: number) =>
  vi.waitFor(async () => expect((await storefront.progress()).due).toBeGreaterThanOrEqual(count), {
    timeout: 10_000,
    interval: 10,
  })

export const numbersBelow = (count: number, are: (number: number) => boolean) =>
  Array.from({ length: count }, (_, number) => number).filter(are)

/** The number in the address. */
export const numberIn = (body: string) =>
  Number(/#(\d+)$/.exec((JSON.parse(body) as { ubicacion: { direccion: string } }).ubicacion.direccion)?.[1])
