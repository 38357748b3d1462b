import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const OWNER_ONLY = 0o600

/** The file of the secret that all gateways of this data folder share; created at the first start. */
export function ticketSecretFile(data: string): string {
  const path = join(data, 'place-secret')
  if (!existsSync(path))
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: OWNER_ONLY })
  return path
}
