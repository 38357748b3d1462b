import { setTimeout as sleep } from 'node:timers/promises'
import type { Site } from '../system/site.ts'

const ADDED = 3
// Another fault may leave partitions without an owner for a while: then the change is refused.
const PATIENCE_MS = 90_000
const RETRY_MS = 500
const ANSWER_WITHIN_MS = 25_000

interface State {
  partitions: number
  change: object | null
}

type Growing = Pick<Site, 'gateways' | 'partitionCounts'>

/** Asks one gateway after the other until one answers as wanted. */
async function ask(
  { gateways }: Growing,
  body: object | undefined,
  isDone: (state: State) => boolean,
): Promise<void> {
  const giveUp = Date.now() + PATIENCE_MS
  let answer: unknown
  for (let attempt = 0; Date.now() < giveUp; attempt++) {
    const url = gateways[attempt % gateways.length]?.url ?? ''
    try {
      const response = await fetch(`${url}/operations/partitions`, {
        ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
        headers: body ? { 'content-type': 'application/json' } : {},
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      answer = await response.json()
      if (response.ok && isDone(answer as State)) return
    } catch (error) {
      answer = String(error)
    }
    await sleep(RETRY_MS)
  }
  throw new Error(`the number of partitions was not changed: ${JSON.stringify(answer)}`)
}

/** Spreads the customers over more partitions. Resolves when the change has begun; the result, when it is in force. */
export async function growPartitions(site: Growing): Promise<() => Promise<void>> {
  const to = (site.partitionCounts.at(-1) ?? 0) + ADDED
  site.partitionCounts.push(to)
  await ask(site, { partitions: to }, () => true)
  return () => ask(site, undefined, ({ partitions, change }) => partitions === to && change === null)
}
