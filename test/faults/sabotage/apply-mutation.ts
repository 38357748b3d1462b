import { type Mutation, mutations } from './mutations.ts'

/** The source of a file with a mutation in it. Throws when a patch does not fit: it would break nothing, and prove nothing. */
export function applyMutation(mutation: Mutation, file: string, source: string): string {
  return mutations[mutation].patches
    .filter((patch) => patch.file === file)
    .reduce((text, { find, replace }) => {
      if (text.split(find).length !== 2)
        throw new Error(`${mutation} does not fit ${file} exactly once: ${find}`)
      return text.replace(find, () => replace)
    }, source)
}
