import type { LoadDefinition } from './load-definition.ts'

/** Types a scenario file. Imports nothing at run time, because k6 reads these files, too. */
export function defineLoad<const Load extends LoadDefinition>(load: Load): Load {
  return load
}
