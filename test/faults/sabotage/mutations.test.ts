import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { applyMutation } from './apply-mutation.ts'
import { mutationNames } from './mutation-names.ts'
import { mutations } from './mutations.ts'

const root = join(import.meta.dirname, '../../..')

test.each(mutationNames)('%s fits the source as it stands, and leaves it a program', (name) => {
  for (const { file } of mutations[name].patches) {
    const source = readFileSync(join(root, file), 'utf8')
    const mutated = applyMutation(name, file, source)
    expect(mutated).not.toBe(source)
    expect(() => new Bun.Transpiler({ loader: 'ts' }).transformSync(mutated)).not.toThrow()
  }
})

test('a patch that no longer matches is reported', () => {
  expect(() => applyMutation('round-taps', 'processor/classify/classify.ts', 'rewritten')).toThrow(
    'round-taps does not fit processor/classify/classify.ts exactly once: taps <= untilMinutes',
  )
})
