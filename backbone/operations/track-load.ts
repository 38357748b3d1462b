import type { LoadFigures } from '../figures/member-figures.ts'
import { rounded } from './counts.ts'
import { RATE_WINDOW_MS } from './run-rates.ts'
import type { HistoryPoint } from './system-state.ts'

interface LoadRun {
  latest: LoadFigures
  lastSeenAt: number
  samples: LoadFigures[]
}

const SILENT_AFTER_MS = 5_000

/** The load runs that are running. */
export function trackLoad() {
  const runs = new Map<string, LoadRun>()

  return {
    take(figures: LoadFigures, lastSeenAt: number): void {
      const { latest, samples = [] } = runs.get(figures.run) ?? {}
      if (latest !== undefined && figures.at <= latest.at) return
      const recent = samples.filter(({ at }) => at >= figures.at - RATE_WINDOW_MS)
      runs.set(figures.run, { latest: figures, lastSeenAt, samples: [...recent, figures] })
    },

    running(now: number): LoadFigures[] {
      for (const [run, { lastSeenAt }] of runs) if (now - lastSeenAt > SILENT_AFTER_MS) runs.delete(run)
      return [...runs.values()].map(({ latest }) => latest).filter(({ ends }) => ends !== true)
    },

    /** All of them together; the slowest decides on the latency. */
    point(): HistoryPoint['load'] {
      const running = [...runs.values()].filter(({ latest }) => latest.ends !== true)
      if (running.length === 0) return null
      const p99s = running.flatMap(({ latest: { p99 } }) => (p99 === undefined ? [] : [p99]))
      return {
        planned: running.reduce((sum, { latest }) => sum + latest.planned, 0),
        accepted: rounded(running.reduce((sum, run) => sum + acceptedPerSecond(run), 0)),
        p99: p99s.length > 0 ? Math.max(...p99s) : null,
      }
    },
  }
}

function acceptedPerSecond({ latest, samples }: LoadRun): number {
  const [first] = samples
  const base = first === undefined || first === latest ? { at: latest.startedAt, accepted: 0 } : first
  const seconds = (latest.at - base.at) / 1_000
  return seconds > 0 ? Math.max(0, latest.accepted - base.accepted) / seconds : 0
}
