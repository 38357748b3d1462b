import { z } from 'zod'
import { apiKeySchema } from './api-key.ts'

/** What `API_KEYS_FILE` holds. */
const keysFileSchema = z.strictObject({
  keys: z
    .array(apiKeySchema)
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'two keys have the same id'),
})

export type KeysFile = z.infer<typeof keysFileSchema>

/** Says where a file of keys is at fault; never what stands there. */
export class KeysFileError extends Error {
  override readonly name = 'KeysFileError'
}

/** Throws {@link KeysFileError}. */
export function parseKeysFile(text: string): KeysFile {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new KeysFileError('is not JSON')
  }
  const parsed = keysFileSchema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new KeysFileError(
    parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join('; '),
  )
}
