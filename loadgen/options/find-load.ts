import { existsSync, readdirSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { z } from 'zod'
import { type CheckedLoad, loadDefinitionSchema } from '../load-definition.ts'

const READY_MADE = new URL('../scenarios/', import.meta.url)

export interface NamedLoad {
  name: string
  load: CheckedLoad
}

/** The names of the loads in `scenarios/`. */
export const readyMadeLoads = (): string[] =>
  readdirSync(READY_MADE)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => basename(file, '.ts'))
    .toSorted()

/**
 * Reads a ready-made load by its name, or one of your own by the path of its file. Returns everything that is wrong
 * with it otherwise. A path counts from `folder`.
 */
export async function findLoad(nameOrPath: string, folder: string): Promise<NamedLoad | string[]> {
  const names = readyMadeLoads()
  const isFile = /\.[cm]?[tj]s$/.test(nameOrPath)
  if (!isFile && !names.includes(nameOrPath)) {
    return [`there is no scenario '${nameOrPath}': take ${names.join(', ')}, or the path of a .ts file`]
  }
  const path = resolve(folder, nameOrPath)
  if (isFile && !existsSync(path)) return [`there is no file ${nameOrPath}`]
  const url = isFile ? pathToFileURL(path) : new URL(`${nameOrPath}.ts`, READY_MADE)
  const exported = await importDefault(url)
  if ('fault' in exported) return [`${nameOrPath}: ${exported.fault}`]
  const { data, error } = loadDefinitionSchema.safeParse(exported.value)
  if (data) return { name: isFile ? basename(path).replace(/\.\w+$/, '') : nameOrPath, load: data }
  return error.issues.flatMap(faultsOf).map((fault) => `${nameOrPath}: ${fault}`)
}

async function importDefault(url: URL): Promise<{ value: unknown } | { fault: string }> {
  try {
    const module: { default?: unknown } = await import(url.href)
    return module.default === undefined
      ? { fault: 'exports no load: it should end in export default defineLoad({ … })' }
      : { value: module.default }
  } catch (error) {
    return { fault: `cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function faultsOf({ path, message, ...issue }: z.core.$ZodIssue): string[] {
  const where = path.length > 0 ? `${path.map(String).join('.')} ` : ''
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${[...path, key].map(String).join('.')} is unknown`)
  }
  if (issue.code === 'invalid_key') return issue.issues.map((fault) => `${where}${fault.message}`)
  return [`${where}${message}`]
}
