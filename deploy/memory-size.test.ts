import { expect, test } from 'vitest'
import { memoryLimit } from '../test/memory-limit.ts'
import { memorySize } from './memory-size.ts'

test('npm start gives a processor the memory that compose gives it', () => {
  expect(memorySize).toEqual(memoryLimit('processor'))
})
