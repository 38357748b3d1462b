import type { Registry } from 'prom-client'
import { watchNumber } from '../process/metrics.ts'
import type { HealthCheck } from './health-check.ts'

/** Whether `/health/ready` would answer 200. */
export function watchReadiness(registry: Registry, checks: () => HealthCheck[]): void {
  watchNumber(registry, 'checkout_ready', '1 while this process is ready, else 0', () =>
    checks().some(({ status }) => status === 'fail') ? 0 : 1,
  )
}
