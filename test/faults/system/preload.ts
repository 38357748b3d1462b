import { fileURLToPath } from 'node:url'

/** The environment that makes Bun run a file of this folder's sibling before the program. */
export function preload(file: URL): NodeJS.ProcessEnv {
  return { BUN_OPTIONS: `--preload ${fileURLToPath(file).replaceAll(' ', '\\ ')}` }
}
