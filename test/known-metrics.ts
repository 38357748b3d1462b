import pino from 'pino'
import { Registry } from 'prom-client'
import { watchService } from '../backbone/http/service-metrics.ts'
import { watchCertificateExpiry } from '../backbone/kafka/certificate-expiry.ts'
import { createPartitionMetrics } from '../backbone/kafka/partition-metrics.ts'
import { watchThrottling } from '../backbone/kafka/watch-throttling.ts'
import { measureRequests } from '../backbone/process/metrics.ts'
import { createGatewayMetrics, createReadMetrics, watchAnswers } from '../gateway/metrics.ts'
import { watchForecast } from '../processor/history/forecast-metrics.ts'
import { countDecisions, countStreams, describeKinds, watchMember } from '../processor/metrics.ts'
import { watchSystem } from '../processor/operations/system-metrics.ts'

async function namesOf(create: (registry: Registry) => void): Promise<Set<string>> {
  const registry = new Registry()
  measureRequests(registry, [])
  createPartitionMetrics(registry)
  watchService(registry, { checks: () => [], keyring: undefined })
  watchCertificateExpiry(registry, () => new Map())
  watchThrottling({ principal: '', clientId: '', registry, log: pino({ level: 'silent' }) })
  create(registry)
  return new Set((await registry.getMetricsAsJSON()).map(({ name }) => name))
}

/** Names of the metrics of a role, without those of every Node process. */
export const knownMetrics = {
  gateway: () =>
    namesOf((registry) => {
      createGatewayMetrics(registry, { load: () => ({ inFlight: 0, limit: 0 }) })
      createReadMetrics(registry, { urls: [], answering: () => 0 })
      watchAnswers(registry, { totals: () => ({}) })
    }),
  processor: () =>
    namesOf((registry) => {
      countDecisions(registry)
      describeKinds(registry, { kinds: [], isFollowedUp: () => false })
      countStreams(registry)
      watchForecast(registry, () => undefined)
      const readModel = { partitions: () => [], before: () => ({ records: [], next: [], end: true }) }
      watchMember(registry, { lags: () => new Map(), readModelLag: () => 0, readModel, viewFile: 'view.db' })
      watchSystem(registry, { state: () => undefined, noteScrape: () => undefined })
    }),
}
