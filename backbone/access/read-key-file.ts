import { readFileSync } from 'node:fs'

// RFC 6750, section 2.1; an API key or a token of the gateway.
const CREDENTIAL = /^[\w.~+/=-]+$/

/** The file of the flag `--key-file` has no key. The message never has its content: part of it may be one. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError'
}

/**
 * The headers for a target with keys. From a file, because all users of a machine can see command lines. Throws {@link
 * KeyFileError}.
 */
export function readKeyFile(path: string | undefined): Record<string, string> {
  if (path === undefined) return {}
  const key = contentOf(path)
  // Of a header that cannot be sent, fetch does not say where it comes from.
  if (!CREDENTIAL.test(key)) throw new KeyFileError(`--key-file contains no API key: ${path}`)
  return { authorization: `Bearer ${key}` }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw new KeyFileError(`--key-file cannot be read: ${path}`)
  }
}
