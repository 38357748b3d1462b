import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Scope, scopes } from '../../backbone/access/identity.ts'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { describeApi } from '../../gateway/openapi/describe-api.ts'
import { startApp } from '../../gateway/testing/app.ts'

const guide = readFileSync(new URL('../../docs/guides/keys.md', import.meta.url), 'utf8')
const codes = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '')
const rows = [...guide.matchAll(/^\| (`(?:GET|POST|DELETE) .*) \| (.*) \| (.*) \|$/gm)].flatMap(
  ([, routes, required]) =>
    codes(routes).map((route) => ({
      route,
      isOpen: required === 'none, also without a key',
      required: codes(required) as Scope[],
    })),
)

test('the table of scopes has every route', () => {
  const described = Object.entries(describeApi().paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const listed = rows.map(({ route }) => route).toSorted()
  expect(listed).toEqual([...described, 'GET /', 'GET /docs', 'GET /openapi.json'].toSorted())
})

test.each(rows)('$route requires $required', async ({ route, isOpen, required }) => {
  const keys = createTestKeys()
  const exact = keys.mint('web', required.length > 0 ? required : ['write'])
  const lacking = required.map((scope) =>
    keys.mint(
      'web',
      scopes.filter((other) => other !== scope),
    ),
  )
  const { app, results } = startApp({ access: keys.open().access })
  results.mockImplementation(async () => Response.json({}))
  const [method = '', path = ''] = route.split(' ')
  const answer = async (headers = {}) => {
    const response = await app.request(path.replaceAll(/\{\w+\}/g, 'an-id'), { method, headers })
    await response.body?.cancel()
    return response.status
  }
  if (isOpen) expect([401, 403]).not.toContain(await answer())
  else expect(await answer()).toBe(401)
  expect([401, 403]).not.toContain(await answer(exact.headers))
  for (const { headers } of lacking) expect(await answer(headers)).toBe(403)
})
