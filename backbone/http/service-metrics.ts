import type { Registry } from 'prom-client'
import { watchKeyExpiry } from '../access/key-expiry.ts'
import type { Keyring } from '../access/keyring.ts'
import { watchNumber } from '../process/metrics.ts'
import type { HealthCheck } from './health-check.ts'

interface Watched {
  checks: () => HealthCheck[]
  /** Undefined without API keys. */
  keyring: Pick<Keyring, 'keys'> | undefined
}

/** Whether `/health/ready` would answer 200, and until when keys are valid. */
export function watchService(registry: Registry, { checks, keyring }: Watched): void {
  watchNumber(registry, 'checkout_ready', '1 while this process is ready, else 0', () =>
    checks().some(({ status }) => status === 'fail') ? 0 : 1,
  )
  watchKeyExpiry(registry, keyring)
}
