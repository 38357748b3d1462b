import { z } from 'zod'
import { apiKeySchema } from './api-key.ts'

/** Content of `API_KEYS_FILE`. */
const keysFileSchema = z.strictObject({
  keys: z
    .array(apiKeySchema)
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'two keys have the same id'),
})

export type KeysFile = z.infer<typeof keysFileSchema>

/** Names the invalid place in a file of keys, never its content. */
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
