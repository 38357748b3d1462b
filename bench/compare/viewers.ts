import { setTimeout as sleep } from 'node:timers/promises'
import { type LoadShape, loadWithUnique } from '../tools/unique-load.ts'
import { type Comparison, type Figures, inTurn } from './comparison.ts'
import { startSystem } from './start-system.ts'

const VIEWERS = 20
const WARM_UP_SECONDS = 5
const IDLE_SECONDS = 5
const shape: LoadShape = { connections: 64, batch: 1 }

type System = Awaited<ReturnType<typeof startSystem>>

/** Operations pages that are open; call the result to close them. */
async function openViewers(url: string): Promise<() => number> {
  const closing = new AbortController()
  let states = 0
  const views = Array.from({ length: VIEWERS }, async () => {
    const { body } = await fetch(`${url}/operations/stream`, { signal: closing.signal })
    const decoder = new TextDecoder()
    const read = async () => {
      for await (const chunk of body ?? [])
        states += decoder.decode(chunk, { stream: true }).split('event: state').length - 1
    }
    read().catch(() => undefined)
  })
  await Promise.all(views)
  return () => {
    closing.abort()
    return states
  }
}

async function measure(system: System, viewers: boolean, seconds: number): Promise<Figures> {
  const close = viewers ? await openViewers(system.url) : () => 0
  const { cpuMs: idleMs } = await withCpu(system, () => sleep(IDLE_SECONDS * 1_000))
  const { result: load, cpuMs } = await withCpu(system, () => loadWithUnique(system.url, shape, seconds))
  const states = close()
  await untilClassified(system.url)
  return {
    perSecond: load.accepted / load.seconds,
    cpuUs: (cpuMs * 1_000) / load.accepted,
    p99: load.latency.p99,
    idle: idleMs / IDLE_SECONDS / 10,
    states: states / (viewers ? VIEWERS : 1) / (IDLE_SECONDS + load.seconds),
  }
}

/** The result of the work, and the CPU time of the gateway and the processor meanwhile. */
async function withCpu<Result>(system: System, work: () => Promise<Result>) {
  const spent = () => {
    const { gateway, processor } = system.cpuMs()
    return gateway + processor
  }
  const before = spent()
  const result = await work()
  return { result, cpuMs: spent() - before }
}

async function untilClassified(url: string): Promise<void> {
  for (let calm = 0; calm < 3; ) {
    await sleep(500)
    const response = await fetch(`${url}/operations`)
    const { lag, outcomes } = (await response.json()) as {
      lag: { records: number | null }
      outcomes: { perSecond: Record<string, number> } | null
    }
    calm = lag.records === 0 && Object.keys(outcomes?.perSecond ?? {}).length === 0 ? calm + 1 : 0
  }
}

export const viewers: Comparison = {
  name: 'viewers',
  measured: `a whole system, ${VIEWERS} viewers of its state`,
  baseline: 'the same without viewers',
  shown: {
    perSecond: 'checkouts/s',
    cpuUs: 'CPU µs each',
    p99: 'p99, ms',
    idle: 'CPU without load, % of a core',
    states: 'states/s to a viewer',
  },
  ratios: [
    { figure: 'perSecond', title: 'checkouts/s', better: 'more', target: 0.97 },
    // Of gateways and processors. The generator and Kafka share their cores, and it varies less than the throughput.
    { figure: 'cpuUs', title: 'CPU of a checkout', better: 'less', target: 1.03 },
  ],
  async prepare(site) {
    const system = await startSystem(site)
    await loadWithUnique(system.url, shape, WARM_UP_SECONDS)
    await untilClassified(system.url)
    return {
      round: inTurn(
        () => measure(system, true, site.seconds),
        () => measure(system, false, site.seconds),
      ),
      end: () => system.end(),
    }
  },
}
