import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** Clients give up after this time. */
const PATIENCE_MS = 5_000

export interface Read {
  /** Since the start of the load. */
  dueMs: number
  /** From the due time to the end of the answer; undefined if it failed or the client gave up. */
  tookMs: number | undefined
}

interface ReadLoad {
  perSecond: number
  seconds: number
  /** The read with this number. */
  path: (number: number) => string
}

/** Reads at a steady rate, independent of earlier reads (open model). */
export async function readAtRate(
  url: string,
  { perSecond, seconds, path }: ReadLoad,
): Promise<readonly Read[]> {
  const agent = new Agent({ keepAlive: true })
  const startedAt = performance.now()
  const reads: Promise<Read>[] = []
  for (let number = 0; number < perSecond * seconds; number++) {
    const dueMs = (number * 1_000) / perSecond
    const early = startedAt + dueMs - performance.now()
    if (early > 0) await sleep(early)
    reads.push(
      readOnce(url + path(number), agent).then((ok) => ({
        dueMs,
        tookMs: ok ? performance.now() - startedAt - dueMs : undefined,
      })),
    )
  }
  const all = await Promise.all(reads)
  agent.destroy()
  return all
}

/** Whether it was answered completely with 200 and in time. */
function readOnce(url: string, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const outgoing = request(url, { agent }, (incoming) => {
      incoming.once('end', () => settle(incoming.statusCode === 200 && incoming.complete))
      incoming.on('error', () => settle(false))
      incoming.resume()
    })
    const settle = (ok: boolean) => {
      clearTimeout(timer)
      resolve(ok)
    }
    const timer = setTimeout(() => {
      settle(false)
      outgoing.destroy()
    }, PATIENCE_MS)
    outgoing.on('error', () => settle(false))
    outgoing.end()
  })
}
