import { fileURLToPath } from 'node:url'

/** The environment that makes Bun run a file of the neighbouring folder before the program. */
export function preload(file: URL): NodeJS.ProcessEnv {
  return { BUN_OPTIONS: `--preload ${fileURLToPath(file).replaceAll(' ', '\\ ')}` }
}
