import { describe, expect, test } from 'vitest'
import type { Scope } from '../../backbone/access/identity.ts'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { problem, startApp } from '../testing/app.ts'

const PATHS = ['/demo', '/demo/assets/script.js', '/demo/assets/style.css']

test.each(PATHS)('without the setting, %s is not found', async (path) => {
  for (const method of ['GET', 'POST']) {
    const response = await startApp().app.request(path, { method })
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual(problem('not-found'))
  }
})

test('the shop opens without keys, with the script and the style of this server only', async () => {
  const { app } = startApp({ demo: true })
  const response = await app.request('/demo')
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8'])
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/)
  const page = await response.text()
  expect(page).toContain('<title>Demonstration shop</title>')
  expect(page).not.toMatch(
    /<script(?! type="module" src="\/demo\/assets\/script\.js">)|<style| style=| on\w+=/,
  )
  expect(page).not.toContain('<nav')
  expect((await app.request('/demo', { method: 'POST' })).status).toBe(405)
})

test('is written in the language of the browser', async () => {
  const { app } = startApp({ demo: true })
  const page = await (await app.request('/demo', { headers: { 'accept-language': 'es-CL' } })).text()
  expect(page).toContain('<h1>Tienda de demostración</h1>')
  expect(page).toContain('Comprar rápido')
})

test('its script has the script for shops, and needs no credential', async () => {
  const keys = createTestKeys()
  keys.mint('web', ['write', 'read'])
  const { app } = startApp({ demo: true, access: keys.open().access })
  const script = await app.request('/demo/assets/script.js')
  expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
  expect(await script.text()).toContain('handling=lenient')
  expect(await (await app.request('/demo/assets/style.css')).text()).toContain('.shop')
})

describe('with keys', () => {
  function ask(scopes?: Scope[]) {
    const keys = createTestKeys()
    const headers = keys.mint('web', scopes ?? ['read']).headers
    const { app } = startApp({ demo: true, access: keys.open().access })
    return app.request('/demo', scopes ? { headers } : {})
  }

  test('a browser without a credential gets the form to log in', async () => {
    const response = await ask()
    expect(response.status).toBe(401)
    expect(await response.text()).toContain('data-scopes="write read"')
  })

  test.each<[Scope[], number]>([
    [['write', 'read'], 200],
    [['write'], 403],
    [['read', 'operate'], 403],
  ])('a credential with %j gets %i', async (scopes, status) => {
    const response = await ask(scopes)
    expect(response.status).toBe(status)
    const page = await response.text()
    if (status === 403) expect(page).toContain('This credential lacks the scope write or read.')
  })
})
