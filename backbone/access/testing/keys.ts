import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll } from 'vitest'
import { type ApiKey, mintSecret } from '../api-key.ts'
import { createAccess } from '../authenticate.ts'
import { openKeyring } from '../keyring.ts'

const stops: (() => void)[] = []
afterAll(() => {
  for (const stop of stops.splice(0).toReversed()) stop()
})

/** A file of keys as an operator would write it; removed after the tests. */
export function createTestKeys() {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'))
  const path = join(folder, 'keys.json')
  const keys: ApiKey[] = []
  stops.push(() => rmSync(folder, { recursive: true }))

  function write(text = JSON.stringify({ keys })) {
    // Atomically, as a careful operator does.
    writeFileSync(`${path}.new`, text)
    renameSync(`${path}.new`, path)
  }
  write()

  return {
    path,
    keys,
    write,
    /** Adds a key to the file, and returns the text for its holder. */
    mint(owner: string, scopes: ApiKey['scopes'], more: Partial<ApiKey> = {}) {
      const { id, hash, bearer } = mintSecret()
      keys.push({ id, hash, owner, scopes, ...more })
      write()
      return { id, hash, bearer, headers: { authorization: `Bearer ${bearer}` } }
    },
    open(log = pino({ level: 'silent' })) {
      const keyring = openKeyring({ API_KEYS_FILE: path }, log)
      if (keyring === undefined) throw new Error('there is a file')
      stops.push(keyring.stop)
      return { keyring, access: createAccess(keyring) }
    },
  }
}
