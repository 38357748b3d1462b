import type { Logger } from 'pino'
import type { Refusal } from './refusal.ts'

interface InForceOptions {
  /** The user that Kafka knows this process as. */
  principal: string
  /** Called with what was refused and what to check, once until it is over. */
  onRefusal: (text: string) => void
  log: Logger
}

const LOGGED_EVERY_MS = 60_000

/** What Kafka refuses to each client at present: logged once, and again once a minute, until it is over. */
export function createRefusalsInForce({ principal, onRefusal, log }: InForceOptions) {
  const byClient = new Map<object, Refusal>()
  const loggedAt = new Map<string, number>()
  const announced = new Set<string>()

  const textOf = ({ what, check }: Refusal) => `${what} (${principal}): check ${check}`
  const isInForce = (what: string) => byClient.values().some((refusal) => refusal.what === what)

  function end(client: object): void {
    const refusal = byClient.get(client)
    byClient.delete(client)
    // Where one of several brokers refuses, this happens again and again.
    if (refusal === undefined || isInForce(refusal.what) || !announced.delete(refusal.what)) return
    log.info(`Resolved: ${refusal.what} (${principal})`)
  }

  return {
    begin(client: object, refusal: Refusal): void {
      const { what } = refusal
      if (byClient.get(client)?.what !== what) end(client)
      byClient.set(client, refusal)
      const now = performance.now()
      if (now - (loggedAt.get(what) ?? Number.NEGATIVE_INFINITY) < LOGGED_EVERY_MS) return
      loggedAt.set(what, now)
      if (!announced.has(what)) onRefusal(textOf(refusal))
      announced.add(what)
      log.error(textOf(refusal))
    },
    end,
    textOf,
    /** Of the clients that count; undefined if nothing is refused to them. */
    texts(counts: (client: object) => boolean): string | undefined {
      const counted = [...byClient].filter(([client]) => counts(client))
      const texts = new Set(counted.map(([, refusal]) => textOf(refusal)))
      return texts.size > 0 ? [...texts].join('; ') : undefined
    },
    isEmpty: (): boolean => byClient.size === 0,
  }
}
