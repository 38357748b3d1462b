import { existsSync, readdirSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CheckedLoad } from '../load-definition.ts'
import { checkLoad } from './check-load.ts'

const READY_MADE = new URL('../scenarios/', import.meta.url)

export interface NamedLoad {
  name: string
  load: CheckedLoad
  /** It comes from a file, ours or the user's, not from flags. */
  isReadyMade: boolean
}

/** The names of the loads in `scenarios/`. */
export const readyMadeLoads = (): string[] =>
  readdirSync(READY_MADE)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => basename(file, '.ts'))
    .toSorted()

/**
 * Reads a ready-made load by name, or the user's own by path, relative to `folder`. Returns all faults if it
 * is invalid.
 */
export async function findLoad(nameOrPath: string, folder: string): Promise<NamedLoad | string[]> {
  const names = readyMadeLoads()
  const isFile = /\.[cm]?[tj]s$/.test(nameOrPath)
  if (!isFile && !names.includes(nameOrPath)) {
    return [`there is no scenario '${nameOrPath}': use ${names.join(', ')}, or the path of a .ts file`]
  }
  const path = resolve(folder, nameOrPath)
  if (isFile && !existsSync(path)) return [`there is no file ${nameOrPath}`]
  const url = isFile ? pathToFileURL(path) : new URL(`${nameOrPath}.ts`, READY_MADE)
  const exported = await importDefault(url)
  if ('fault' in exported) return [`${nameOrPath}: ${exported.fault}`]
  const load = checkLoad(exported.value)
  if (Array.isArray(load)) return load.map((fault) => `${nameOrPath}: ${fault}`)
  return { name: isFile ? basename(path).replace(/\.\w+$/, '') : nameOrPath, load, isReadyMade: true }
}

const K6_SCRIPT = 'this is a k6 script: a load is export default defineLoad({ scenarios, thresholds })'

async function importDefault(url: URL): Promise<{ value: unknown } | { fault: string }> {
  try {
    const module: { default?: unknown } = await import(url.href)
    if (typeof module.default === 'function') return { fault: K6_SCRIPT }
    return module.default === undefined
      ? { fault: 'does not export a load: it must end with export default defineLoad({ … })' }
      : { value: module.default }
  } catch (error) {
    const { message, place } = readImportError(error)
    // Only k6 itself has these modules.
    if (/['"]k6(?:\/[\w/-]+)?['"]/.test(message)) return { fault: K6_SCRIPT }
    return { fault: `cannot be read: ${message}${place}` }
  }
}

/** Bun reports the position of a syntax error in `position`. */
function readImportError(error: unknown): { message: string; place: string } {
  if (!(error instanceof Error)) return { message: String(error), place: '' }
  const { position } = error as { position?: { line: number; column: number } | null }
  return {
    message: error.message,
    place: position ? ` (line ${position.line}, column ${position.column})` : '',
  }
}
