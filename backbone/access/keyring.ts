import type { Logger } from 'pino'
import { z } from 'zod'
import { reloadFiles } from '../process/reload-files.ts'
import { SettingsError } from '../process/settings.ts'
import type { ApiKey } from './api-key.ts'
import { KeysFileError, parseKeysFile } from './keys-file.ts'

export const accessSettings = {
  API_KEYS_FILE: z
    .string()
    .optional()
    .describe('File of the API keys (`npm run mint-key`); reloaded when it changes; none: loopback only'),
}

const accessSettingsSchema = z.object(accessSettings)

/** A key of the file. */
export interface HeldKey extends ApiKey {
  /** Aborts when the key is removed from the file or changed. */
  revoked: AbortSignal
}

export interface Keyring {
  find: (id: string) => HeldKey | undefined
  keys: () => HeldKey[]
  stop: () => void
}

interface Entry {
  /** JSON of the whole entry: any change of it is treated as another key. */
  text: string
  key: HeldKey
  revocation: AbortController
}

/**
 * The keys of a file, reloaded within a second of a change. An invalid change is ignored, so that a typing
 * error locks nobody out. Undefined if no file is configured. Throws {@link SettingsError} if the first version
 * is invalid.
 */
export function openKeyring(
  { API_KEYS_FILE: path }: z.infer<typeof accessSettingsSchema>,
  log: Logger,
): Keyring | undefined {
  if (path === undefined) return undefined
  return keyringOf(path, log)
}

function keyringOf(path: string, log: Logger): Keyring {
  try {
    const { current, stop } = reloadFiles<Map<string, Entry>>({
      paths: [path],
      parse: ([text = ''], before) => {
        const entries = merge(before ?? new Map(), text)
        // Only at the start: a list that is emptied later revokes every key.
        if (before === undefined && entries.size === 0) throw new KeysFileError('has no keys')
        return entries
      },
      onReload: (entries) => log.info({ keys: entries.size }, 'API_KEYS_FILE reloaded'),
      onFault: (error) =>
        log.error({ reason: reasonOf(error) }, 'API_KEYS_FILE cannot be read, keeping the previous keys'),
    })
    return {
      find: (id) => current().get(id)?.key,
      keys: () => [...current().values()].map(({ key }) => key),
      stop,
    }
  } catch (error) {
    throw new SettingsError(`API_KEYS_FILE: ${path}: ${reasonOf(error)}; npm run mint-key creates one`)
  }
}

/** Keeps unchanged keys, so that their streams continue. Revokes the others. */
function merge(before: ReadonlyMap<string, Entry>, text: string): Map<string, Entry> {
  const after = new Map<string, Entry>()
  for (const apiKey of parseKeysFile(text).keys) after.set(apiKey.id, keep(before.get(apiKey.id), apiKey))
  for (const [id, entry] of before) if (after.get(id) !== entry) entry.revocation.abort()
  return after
}

function keep(before: Entry | undefined, apiKey: ApiKey): Entry {
  const text = JSON.stringify(apiKey)
  if (before?.text === text) return before
  const revocation = new AbortController()
  return { text, key: { ...apiKey, revoked: revocation.signal }, revocation }
}

const reasonOf = (error: unknown): string =>
  error instanceof KeysFileError
    ? error.message
    : error instanceof Error && 'code' in error
      ? String(error.code)
      : 'cannot be read'
