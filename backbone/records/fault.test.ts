import { expect, test } from 'vitest'
import { jsonPointer } from './fault.ts'

test.each<[PropertyKey[], string]>([
  [[], ''],
  [['taps'], '/taps'],
  [['ubicacion', 'pais'], '/ubicacion/pais'],
  [['items', 0], '/items/0'],
  [['a/b', 'm~n', '~1'], '/a~1b/m~0n/~01'],
  [[''], '/'],
])('the pointer to %j is %j', (path, pointer) => {
  expect(jsonPointer(path)).toBe(pointer)
})
