import type { LoadFigures } from '../../backbone/figures/member-figures.ts'
import { now } from '../clock.ts'
import { stagesAt } from '../figures/slices.ts'
import type { LoadOptions } from '../options/load-options.ts'
import type { Progress } from '../progress.ts'

// The gateway takes no longer ones.
const MOST_CHARACTERS = 200

const limited = (text: string) => Array.from(text).slice(0, MOST_CHARACTERS).join('')

type Described = Pick<LoadOptions, 'name' | 'tags' | 'plans'>

/** The figures of a run as the operations page shows them. */
export function createLoadFigures({ name, tags, plans }: Described, run: string) {
  // Tags tell apart the processes of a load that several share.
  const named = [name, ...Object.entries(tags).map(([tag, value]) => `${tag}=${value}`)].join(' ')
  const stageAt = (ms: number) => stagesAt(plans, ms).join(', ')
  let stage = stageAt(0)
  let startedAt = Math.round(now())
  let hasBegun = false

  return (progress: Progress, ends: boolean): LoadFigures => {
    const { phase, elapsedMs, askedRate, sent, accepted, failures, duration, delay } = progress
    const at = Math.round(now())
    if (phase === 'sending') stage = stageAt(elapsedMs)
    // Until the threads begin together, a few milliseconds later, no time has passed.
    if (phase !== 'connecting' && elapsedMs > 0 && !hasBegun) {
      hasBegun = true
      startedAt = Math.round(at - elapsedMs)
    }
    return {
      is: 'load',
      run,
      name: limited(named),
      at,
      startedAt,
      stage: limited(stage) || 'not started',
      planned: askedRate ?? 0,
      sent,
      accepted,
      failed: failures.values().reduce((sum, count) => sum + count, 0),
      ...(duration && { p50: duration.p50, p99: duration.p99 }),
      ...(delay && { delayP50: delay.p50, delayP99: delay.p99 }),
      ...(ends && { ends: true }),
    }
  }
}
