import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { mintSecret } from '../../backbone/access/api-key.ts'
import { type KeysFile, parseKeysFile } from '../../backbone/access/keys-file.ts'
import type { KeyRequest } from './options.ts'

const OWNER_ONLY = 0o600

/** Adds a key to the file, at once or not at all; returns what its holder needs. Throws a KeysFileError for a file that is none. */
export function mintKey(file: string, request: KeyRequest): { bearer: string; id: string } {
  const before: KeysFile = existsSync(file) ? parseKeysFile(readFileSync(file, 'utf8')) : { keys: [] }
  const { id, hash, bearer } = mintSecret()
  const after: KeysFile = { keys: [...before.keys, { id, hash, ...request }] }
  const aside = `${file}.${randomUUID()}`
  writeFileSync(aside, `${JSON.stringify(after, null, 2)}\n`, { mode: OWNER_ONLY })
  renameSync(aside, file)
  return { id, bearer }
}
