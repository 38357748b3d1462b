import { createSeededRandom } from '../../../loadgen/shoppers/seeded-random.ts'
import type { FaultName, PlannedFault } from './fault-names.ts'
import { exposures } from './targets.ts'

interface PlanOptions {
  seed: number
  names: readonly FaultName[]
  runMs: number
  /** Average time between two faults. */
  everyMs: number
  /** At the end, without faults: the system must recover within this time. */
  quietMs?: number
  /** Each one only after the system should have recovered from the previous one. */
  alone?: boolean
}

const FIRST_AFTER_MS = 10_000
const QUIET_MS = 45_000
const SHARE_OF_PAIRS = 0.3
const WELL_WITHIN_MS = 15_000

/**
 * Shuffles the faults like a deck of cards, so that all are equally frequent; three in ten coincide with the
 * next one. A target is never under two faults at once, and all faults are reverted some time before the end.
 * Depends only on the options.
 */
export function planFaults({
  seed,
  names,
  runMs,
  everyMs,
  quietMs = QUIET_MS,
  alone = false,
}: PlanOptions): PlannedFault[] {
  const randomizer = createSeededRandom()
  randomizer.seed([seed, 0x0fa17])
  const random = () => randomizer.next()
  const busyUntil = new Map<string, number>()
  const plan: PlannedFault[] = []
  let deck: FaultName[] = []

  function draw(at: number): PlannedFault | undefined {
    if (deck.length === 0) deck = shuffled(names, random)
    for (const name of deck) {
      const fault = place(name, at)
      if (!fault) continue
      // The others stay in the deck: a fault that needs many parts at once comes when the rest is dealt.
      deck.splice(deck.indexOf(name), 1)
      return fault
    }
    return undefined
  }

  function place(name: FaultName, at: number): PlannedFault | undefined {
    const { choices, seconds, settleSeconds } = exposures[name]
    const [least, most] = seconds
    // Short faults reveal as much as long ones, and leave time for more.
    const lastsMs = Math.round(1000 * (least + (most - least) * random() ** 2))
    const free = choices.filter((targets) => targets.every((target) => (busyUntil.get(target) ?? 0) <= at))
    const targets = free[Math.floor(random() * free.length)]
    if (!targets || at + lastsMs > runMs - quietMs) return undefined
    for (const target of targets) busyUntil.set(target, at + lastsMs + settleSeconds * 1000)
    return { name, targets, at, lastsMs, chance: random() }
  }

  let at = FIRST_AFTER_MS
  while (at < runMs - quietMs) {
    const pair = !alone && names.length > 1 && random() < SHARE_OF_PAIRS
    for (let fault = 0; fault < (pair ? 2 : 1); fault++) {
      const planned = draw(at)
      if (planned) plan.push(planned)
    }
    const last = plan.at(-1)
    const settled = last
      ? last.at + last.lastsMs + exposures[last.name].settleSeconds * 1000 + WELL_WITHIN_MS
      : 0
    at = Math.max(at + Math.round(everyMs * (0.5 + random())), alone ? settled : 0)
  }
  return plan
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const result = [...list]
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[result[i], result[j]] = [result[j] as T, result[i] as T]
  }
  return result
}

/** The plan as text, one line for each fault. */
export function describePlan(plan: PlannedFault[]): string[] {
  return plan.map(({ at, name, targets, lastsMs }) => {
    const seconds = (ms: number) => (ms / 1000).toFixed(1)
    return `${seconds(at).padStart(6)} s  ${name.padEnd(18)} ${targets.join(' ')} for ${seconds(lastsMs)} s`
  })
}
