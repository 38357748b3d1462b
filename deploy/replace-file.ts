import { renameSync, writeFileSync } from 'node:fs'

/** Writes a file whole or not at all; several processes may do so at the same time. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const written = `${path}.${process.pid}`
  writeFileSync(written, content)
  renameSync(written, path)
}
