import type { Mutation } from './mutation-names.ts'
import { mutations } from './mutations.ts'

/**
 * The source of a file with a mutation. Throws if a patch does not match, because it would change nothing.
 */
export function applyMutation(mutation: Mutation, file: string, source: string): string {
  return mutations[mutation].patches
    .filter((patch) => patch.file === file)
    .reduce((text, { find, replace }) => {
      if (text.split(find).length !== 2)
        throw new Error(`${mutation} does not fit ${file} exactly once: ${find}`)
      return text.replace(find, () => replace)
    }, source)
}
