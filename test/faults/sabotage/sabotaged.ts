// Preloaded into gateways and processors: the source files are unchanged, only this process loads them with
// the defect.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { plugin } from 'bun'
import { applyMutation } from './apply-mutation.ts'
import type { Mutation } from './mutation-names.ts'
import { mutations } from './mutations.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const mutation = process.env['MUTATION'] as Mutation

plugin({
  name: mutation,
  setup(build) {
    for (const file of new Set(mutations[mutation].patches.map((patch) => patch.file))) {
      const path = root + file
      const filter = new RegExp(`^${path.replaceAll(/[^A-Za-z0-9_/-]/g, '\\$&')}$`)
      build.onLoad({ filter }, () => ({
        contents: applyMutation(mutation, file, readFileSync(path, 'utf8')),
        loader: 'ts',
      }))
    }
  },
})
