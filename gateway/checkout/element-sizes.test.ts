import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { elementSizes } from './element-sizes.ts'

const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000)
console.log(`element-sizes.test.ts: TEST_SEED=${seed}`)

test.each<[string, number[]]>([
  ['[]', []],
  [' [ ] ', []],
  ['\ufeff[1]', [1]],
  ['[1,22 , 333]', [1, 2, 3]],
  [String.raw`["]", "\"],[", "\\", "\\\""]`, [3, 7, 4, 6]],
  ['[{"a": [1, {"b": ","}]}, [[], [2]], null]', [22, 9, 4]],
  ['["ñ", "👩‍🚀"]', [4, 13]],
])('%s', (text, sizes) => {
  expect(elementSizes(Buffer.from(text))).toEqual(sizes)
})

test('are those of the sent bytes, for any elements and notation', () => {
  const space = fc.stringMatching(/^[ \t\r\n]{0,2}$/)
  const element = fc.tuple(space, fc.jsonValue(), fc.integer({ min: 0, max: 2 }), space)
  const holds = fc.property(fc.array(element, { maxLength: 6 }), (elements) => {
    const texts = elements.map(([, value, indent]) => JSON.stringify(value, null, indent))
    const written = elements.map(([before, , , after], index) => before + texts[index] + after)
    expect(elementSizes(Buffer.from(`[${written.join(',')}]`))).toEqual(
      texts.map((text) => Buffer.byteLength(text)),
    )
  })
  fc.assert(holds, { seed, numRuns: 2_000 })
})

test('deep nesting is rejected before parsing, and shallow nesting is accepted', () => {
  const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth))
  expect(elementSizes(nested(100))).toEqual([198])
  expect(() => elementSizes(nested(101))).toThrow('nested too deeply')
  expect(elementSizes(Buffer.from(`["${'['.repeat(200)}"]`))).toEqual([202])
})
