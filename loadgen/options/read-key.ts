import { readFile } from 'node:fs/promises'

// RFC 6750, section 2.1; a key of the gateway's, or a token.
const CREDENTIAL = /^[\w.~+/=-]+$/

/** The headers that a target with keys wants; from a file, since everyone on a machine sees what programs are started with. */
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
