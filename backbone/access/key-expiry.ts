import type { Registry } from 'prom-client'
import { watchNumbers } from '../process/metrics.ts'
import type { Keyring } from './keyring.ts'

/** When the keys of the file expire that have an end. The id of a key is no secret. */
export function watchKeyExpiry(registry: Registry, keyring: Pick<Keyring, 'keys'> | undefined): void {
  watchNumbers(
    registry,
    {
      name: 'checkout_api_key_expiry_timestamp_seconds',
      help: 'When an API key expires that has an end',
      labelNames: ['key', 'owner'],
    },
    () =>
      (keyring?.keys() ?? []).flatMap(({ id, owner, expires }): [{ key: string; owner: string }, number][] =>
        expires === undefined ? [] : [[{ key: id, owner }, Date.parse(expires) / 1_000]],
      ),
  )
}
