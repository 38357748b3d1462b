import { expect, test } from 'vitest'
import { memoryLimit } from '../test/memory-limit.ts'
import { memorySize } from './memory-size.ts'

test.each(['gateway', 'processor'] as const)(
  'npm start gives a %s the memory that compose gives it',
  (role) => {
    expect(memorySize).toEqual(memoryLimit(role))
  },
)
