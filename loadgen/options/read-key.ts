import { readFile } from 'node:fs/promises'

// RFC 6750, section 2.1; an API key or a token of the gateway.
const CREDENTIAL = /^[\w.~+/=-]+$/

/** The headers for a target with keys. From a file, because all users of a machine can see command lines. */
export async function readKey(
  path: string | undefined,
): Promise<{ credential: Record<string, string>; faults: string[] }> {
  if (path === undefined) return { credential: {}, faults: [] }
  const key = await readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  )
  if (key === undefined) return { credential: {}, faults: [`--key-file cannot be read: ${path}`] }
  if (!CREDENTIAL.test(key)) return { credential: {}, faults: [`--key-file contains no API key: ${path}`] }
  return { credential: { authorization: `Bearer ${key}` }, faults: [] }
}
