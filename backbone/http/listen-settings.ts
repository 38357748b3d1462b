import { z } from 'zod'
import { accessSettings } from '../access/keyring.ts'
import { isLoopback } from '../process/loopback.ts'
import { flag, SettingsError } from '../process/settings.ts'

export const listenSettings = {
  HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  TRUSTED_NETWORK: flag
    .default(false)
    .describe(
      '`true`: allow an address other than loopback without API keys; a proxy in front must authenticate',
    ),
  ...accessSettings,
}

const listenSettingsSchema = z.object(listenSettings)
type ListenSettings = z.infer<typeof listenSettingsSchema>

/** Without authentication, only this machine may connect. Throws {@link SettingsError}. */
export function assertGuarded({ HOST, TRUSTED_NETWORK, API_KEYS_FILE }: ListenSettings): void {
  if (API_KEYS_FILE !== undefined || TRUSTED_NETWORK || isLoopback(HOST)) return
  throw new SettingsError(
    `HOST: ${HOST} is not a loopback address, and everyone who reaches it can read customers' data; ` +
      'set API_KEYS_FILE (npm run mint-key), or TRUSTED_NETWORK=true if a proxy in front authenticates',
  )
}
