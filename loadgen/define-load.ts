import type { LoadDefinition } from './load-definition.ts'

/** Gives a scenario file its types. Imports nothing at run time: k6 reads these files, too. */
export function defineLoad<const Load extends LoadDefinition>(load: Load): Load {
  return load
}
