import { z } from 'zod'
import { accessSettings } from '../access/keyring.ts'
import { isLoopback } from '../process/loopback.ts'
import { commaSeparated, flag, SettingsError } from '../process/settings.ts'

const hostNames = commaSeparated.pipe(
  z.array(
    z
      .string()
      .regex(/^(?:[\w.-]+|[\da-f:.]+)$/i, 'must be host names or addresses without a port, comma-separated')
      .toLowerCase(),
  ),
)

export const listenSettings = {
  HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  TRUSTED_NETWORK: flag
    .default(false)
    .describe(
      '`true`: allow an address other than loopback without API keys; a proxy in front must authenticate',
    ),
  ...accessSettings,
  ALLOWED_HOSTS: hostNames
    .default([])
    .describe(
      'Host names that requests may use besides `localhost`, `127.0.0.1` and `[::1]`, comma-separated; none: any, but on loopback without `API_KEYS_FILE` only these three',
    ),
}

const listenSettingsSchema = z.object(listenSettings)
type ListenSettings = z.infer<typeof listenSettingsSchema>

/** Without authentication, only this machine may connect. Throws {@link SettingsError}. */
export function assertGuarded({
  HOST,
  TRUSTED_NETWORK,
  API_KEYS_FILE,
}: Pick<ListenSettings, 'HOST' | 'TRUSTED_NETWORK' | 'API_KEYS_FILE'>): void {
  if (API_KEYS_FILE !== undefined || TRUSTED_NETWORK || isLoopback(HOST)) return
  throw new SettingsError(
    `HOST: ${HOST} is not a loopback address, and everyone who reaches it can read customers' data; ` +
      'set API_KEYS_FILE (npm run mint-key), or TRUSTED_NETWORK=true if a proxy in front authenticates',
  )
}

/**
 * Accepted host names besides those of loopback; undefined: all. Without keys on loopback, every web page in a
 * browser on this machine could use the service.
 */
export function allowedHosts({
  HOST,
  API_KEYS_FILE,
  ALLOWED_HOSTS,
}: Pick<ListenSettings, 'HOST' | 'API_KEYS_FILE' | 'ALLOWED_HOSTS'>): readonly string[] | undefined {
  const isOpenOnLoopback = API_KEYS_FILE === undefined && isLoopback(HOST)
  return isOpenOnLoopback || ALLOWED_HOSTS.length > 0 ? ALLOWED_HOSTS : undefined
}
