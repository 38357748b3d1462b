import { setTimeout as sleep } from 'node:timers/promises'
import type { Site } from '../system/site.ts'
import type { PlannedFault } from './fault-names.ts'
import { injections } from './inject.ts'

/** Result of a planned fault; times are epoch milliseconds. */
export interface InjectedFault extends PlannedFault {
  injectedAt: number
  healedAt: number
  /** Undefined if the affected parts did not serve again: `failure` has the reason. */
  servingAt: number | undefined
  failure: string | undefined
}

/**
 * Injects each fault at its time, or later if a part that it affects does not serve again after the previous one, and
 * reverts it. Resolves when all affected parts serve again, or failed to.
 */
export async function runPlan(
  site: Site,
  plan: PlannedFault[],
  startedAt: number,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<InjectedFault[]> {
  const say = (text: string) =>
    log(`${String(Math.round((Date.now() - startedAt) / 1000)).padStart(4)} s  ${text}`)

  async function run(fault: PlannedFault, previous: Promise<unknown>): Promise<InjectedFault | undefined> {
    await pause(startedAt + fault.at - Date.now(), signal)
    await previous
    if (signal.aborted) return undefined
    const injectedAt = Date.now()
    let healedAt = injectedAt
    say(`${fault.name} ${fault.targets.join(' ')}`)
    try {
      const heal = await injections[fault.name](site, fault)
      await pause(injectedAt + fault.lastsMs - Date.now(), signal)
      healedAt = Date.now()
      await heal()
      const servingAt = Date.now()
      say(`${fault.name} ${fault.targets.join(' ')}: healed, serving again after ${servingAt - healedAt} ms`)
      return { ...fault, injectedAt, healedAt, servingAt, failure: undefined }
    } catch (error) {
      say(`${fault.name} ${fault.targets.join(' ')}: ${String(error)}`)
      return { ...fault, injectedAt, healedAt, servingAt: undefined, failure: String(error) }
    }
  }

  // A slow machine takes longer to recover than was planned for: a broker that is stopped during its start ends with an error.
  const lastOf = new Map<string, Promise<unknown>>()
  const running = plan.map((fault) => {
    const ending = run(
      fault,
      Promise.all(fault.targets.map((target) => lastOf.get(target) ?? Promise.resolve())),
    )
    for (const target of fault.targets) lastOf.set(target, ending)
    return ending
  })
  const injected = await Promise.all(running)
  return injected.filter((fault) => fault !== undefined)
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined)
}
