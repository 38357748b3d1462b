import * as stable from '@opentelemetry/semantic-conventions'
import * as all from '@opentelemetry/semantic-conventions/incubating'
import { expect, test } from 'vitest'
import { attribute, ownAttribute, SCHEMA_URL } from './attributes.ts'

const known = (names: Record<string, unknown>) =>
  new Set(Object.entries(names).flatMap(([name, value]) => (name.startsWith('ATTR_') ? [value] : [])))

test('the names are those of the conventions, in the version of the schema URL', () => {
  const conventions = known(all)
  expect(Object.values(attribute).filter((name) => !conventions.has(name))).toEqual([])
  const { httpMethod, httpRoute, httpStatus, urlPath, urlScheme, errorType } = attribute
  const settled = known(stable)
  for (const name of [httpMethod, httpRoute, httpStatus, urlPath, urlScheme, errorType])
    expect(settled).toContain(name)
  expect(SCHEMA_URL).toMatch(/\/1\.45\.0$/)
})

test('own names do not collide with those of the conventions', () => {
  const conventions = known(all)
  expect(Object.values(ownAttribute).filter((name) => conventions.has(name))).toEqual([])
})
