import { judgeSite } from './judge-site.ts'
import { byKind, faultFigures } from './report/fault-figures.ts'
import type { FaultReport } from './report/fault-report.ts'
import { countRefusals } from './report/refusals.ts'
import { createTimeline, type Observed } from './report/timeline.ts'
import { type LoadOptions, runLoad } from './run-load.ts'
import type { Site } from './system/site.ts'
import type { TestBed } from './system/test-bed.ts'

export type SiteRun = Omit<LoadOptions, 'kafka'>

const WELL_WITHIN_MS = 30_000

/** Runs load and faults against a site, and judges it; this stops the site. */
export async function runSite(bed: TestBed, site: Site, run: SiteRun): Promise<FaultReport> {
  const evidence = await runLoad(site, { ...run, kafka: bed.kafka })
  const unexpectedEnds = [...bed.unexpectedEnds]
  const { counts, appendTimes, streams, violations } = await judgeSite(
    site,
    bed.kafka,
    evidence,
    unexpectedEnds,
    run.log,
  )
  const { startedAt, endedAt, injected, storefront } = evidence
  const observed: Observed = {
    rate: run.rate,
    startedAt,
    endedAt,
    acks: storefront.acks,
    refusedAt: storefront.refused.at,
    partitions: appendTimes,
  }
  const timeline = createTimeline(observed)
  const faults = faultFigures(injected, observed, timeline)
  const lastFault = Math.max(startedAt, ...injected.map(({ servingAt, healedAt }) => servingAt ?? healedAt))
  const tail = timeline.longestWaitMs.slice(Math.ceil((lastFault + WELL_WITHIN_MS - startedAt) / 1000))
  return {
    seed: run.seed,
    minutes: run.runMs / 60_000,
    rate: run.rate,
    counts: {
      ...counts,
      sent: storefront.sent,
      acknowledged: storefront.acknowledged,
      givenUp: storefront.givenUp,
      streamed: streams
        .flatMap(({ partitions }) => [...partitions.values()])
        .reduce((sum, { offsets }) => sum + offsets.length, 0),
      subscribers: streams.length,
      resumed: streams.reduce((sum, { resumed }) => sum + resumed, 0),
      replaysChecked: storefront.replaysChecked,
      keysReused: storefront.keysReused,
    },
    refusals: countRefusals(storefront),
    kinds: byKind(faults),
    faults,
    resources: Object.fromEntries(evidence.resources),
    tail: {
      longestWaitMs: tail.length > 0 ? Math.max(...tail) : undefined,
      noLagAfterMs: evidence.noLagAfterMs,
    },
    violations,
  }
}
