import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { mintSecret } from '../../backbone/access/api-key.ts'
import { type KeysFile, parseKeysFile } from '../../backbone/access/keys-file.ts'
import type { KeyRequest } from './options.ts'

const OWNER_ONLY = 0o600

/**
 * Adds a key to the file atomically; returns the text for its holder. Keeps the permissions of the file.
 * Throws a KeysFileError if the file is invalid.
 */
export function mintKey(path: string, request: KeyRequest): { bearer: string; id: string } {
  const isThere = existsSync(path)
  const file = isThere ? realpathSync(path) : path
  const before: KeysFile = isThere ? parseKeysFile(readFileSync(file, 'utf8')) : { keys: [] }
  const { id, hash, bearer } = mintSecret()
  const after: KeysFile = { keys: [...before.keys, { id, hash, ...request }] }
  const aside = `${file}.${randomUUID()}`
  writeFileSync(aside, `${JSON.stringify(after, null, 2)}\n`, { mode: OWNER_ONLY })
  try {
    if (isThere) passOn(statSync(file), aside)
    renameSync(aside, file)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
  return { id, bearer }
}

function passOn({ mode, uid, gid }: Stats, file: string): void {
  chownSync(file, uid, gid)
  chmodSync(file, mode & 0o777)
}
