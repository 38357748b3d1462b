import { describe, expect, test } from 'vitest'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { languages, textsOf } from '../pages/text/texts.ts'
import { problem, startApp } from '../testing/app.ts'

const VIEWS = [
  '/',
  '/console/members',
  '/console/forecast',
  '/console/checkouts',
  '/console/checkouts/0123456789abcdef0123456789abcdef',
  '/console/insights',
  '/console/dead-letters',
  '/console/notifications',
  '/console/messages',
]

function withKeys() {
  const keys = createTestKeys()
  const operator = keys.mint('ops', ['operate', 'read'])
  const night = keys.mint('ops', ['operate', 'read', 'all-owners'])
  const web = keys.mint('web', ['write', 'read'])
  const { app } = startApp({ access: keys.open().access })
  const get = async (path: string, headers: Record<string, string> = {}) => app.request(path, { headers })
  return { app, operator, night, web, get }
}

const open = async (path: string, headers: Record<string, string> = {}) =>
  (await startApp().app.request(path, { headers })).text()

describe.each(VIEWS)('%s', (path) => {
  test('opens without keys, and runs nothing but the scripts of this server', async () => {
    const response = await startApp().app.request(path)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8'])
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000')
    const page = await response.text()
    expect(page).toMatch(/^<!doctype html>/)
    expect(page).not.toMatch(
      /<script(?! type="module" src="\/console\/assets\/[a-z-]+\.js">)|<style| style=| on\w+=/,
    )
    expect(page.match(/aria-current="page"/g)).toHaveLength(1)
    expect(page).not.toContain('id="log-out"')
  })

  test('with keys, a browser without a credential gets the form to log in', async () => {
    const { get } = withKeys()
    const response = await get(path)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="checkout"')
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
    const page = await response.text()
    expect(page).toContain('<form id="log-in"')
    expect(page).not.toContain('<nav')
  })

  test('loads at most 150 kB of scripts', async () => {
    const { app } = startApp()
    const page = await (await app.request(path)).text()
    const sources = [...page.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, source]) => source ?? '')
    expect(sources).toHaveLength(2)
    const scripts = await Promise.all(sources.map(async (source) => (await app.request(source)).text()))
    for (const script of scripts) expect(script).toContain('document.')
    expect(scripts.join('').length).toBeLessThanOrEqual(150_000)
  })

  test('other methods are not allowed', async () => {
    const response = await startApp().app.request(path, { method: 'POST' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    expect(await response.json()).toEqual(problem('method-not-allowed'))
  })
})

describe.each([
  '/console/nowhere',
  '/console/members/1',
  '/console/checkouts/%3Cb%3E',
  '/console/assets/x.js',
])('the unknown address %s', (path) => {
  const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

  test('is a page with a way back for browsers, in their language', async () => {
    const response = await startApp().app.request(path, { headers: { accept, 'accept-language': 'es' } })
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8'])
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
    const page = await response.text()
    expect(page).toContain('<h1>Página no encontrada</h1>')
    expect(page).toContain('<a href="/">Volver al resumen</a>')
    expect(page).toContain('<nav')
    expect(page).not.toContain('aria-current')
  })

  test.each(['application/json', '*/*', 'application/json, text/html;q=0.5'])(
    'is a problem for %s',
    async (other) => {
      const response = await startApp().app.request(path, { headers: { accept: other } })
      expect(response.status).toBe(404)
      expect(await response.json()).toEqual(problem('not-found'))
    },
  )

  test('with keys, a browser without a credential gets the form to log in, and a program a 404', async () => {
    const { get } = withKeys()
    expect(await (await get(path, { accept })).text()).toContain('<form id="log-in"')
    expect((await get(path)).status).toBe(404)
  })
})

test('the session of an operator opens the page, and can be ended', async () => {
  const { app, operator, night, get } = withKeys()
  const opened = await app.request('/session', { method: 'POST', headers: operator.headers })
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
  const response = await get('/', { cookie })
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('<button type="button" id="log-out">Log out</button>')
  const ownOnly = 'Only what belongs to the owner of your API key is shown.'
  const all = await app.request('/session', { method: 'POST', headers: night.headers })
  const nights = all.headers.get('set-cookie')?.split(';')[0] ?? ''
  for (const path of [
    '/console/checkouts',
    '/console/checkouts/a',
    '/console/notifications',
    '/console/insights',
    '/console/dead-letters',
  ]) {
    expect(await (await get(path, { cookie })).text()).toContain(ownOnly)
    expect(await open(path)).not.toContain(ownOnly)
    expect(await (await get(path, { cookie: nights })).text()).not.toContain(ownOnly)
  }
  // Only who sees several owners can select one.
  for (const path of [
    '/console/checkouts',
    '/console/notifications',
    '/console/insights',
    '/console/dead-letters',
  ]) {
    const field = /<input (id|name)="owner"/
    expect(await (await get(path, { cookie: nights })).text()).toMatch(field)
    expect(await (await get(path, { cookie })).text()).not.toMatch(field)
    expect(await open(path)).not.toMatch(field)
  }
})

test('the form says what is wrong with the credential', async () => {
  const { web, get } = withKeys()
  const without = await get('/', web.headers)
  expect(without.status).toBe(403)
  expect(without.headers.get('www-authenticate')).toContain('scope="operate"')
  expect(await without.text()).toContain('This credential lacks the scope operate.')
  const ended = await get('/', { cookie: '__Host-session=a.b.c' })
  expect(ended.status).toBe(401)
  expect(await ended.text()).toContain('The session has ended.')
  expect(await (await get('/')).text()).not.toContain('The session has ended.')
})

test.each([
  ['nothing', {}, 'en'],
  ['Spanish', { 'accept-language': 'es-CL,es;q=0.9,en;q=0.8' }, 'es'],
  ['French, then Spanish', { 'accept-language': 'fr,es;q=0.5' }, 'es'],
  ['French only', { 'accept-language': 'fr' }, 'en'],
  ['a choice against the browser', { 'accept-language': 'es', cookie: 'language=en' }, 'en'],
  ['a choice of Spanish', { cookie: 'language=es' }, 'es'],
  ['an unknown choice', { cookie: 'language="><b>' }, 'en'],
])('%s: the page is in the right language', async (_, headers: Record<string, string>, language) => {
  const page = await open('/console/members', headers)
  expect(page).toContain(`<html lang="${language}"`)
  expect(page).toContain(language === 'es' ? '<h1>Kafka y procesos</h1>' : '<h1>Kafka and members</h1>')
  expect(page).toContain(`<option value="${language}" lang="${language}" selected>`)
})

test.each(languages)('filters have the names of the kinds that all views have, in %s', async (language) => {
  const headers = { 'accept-language': language }
  const [checkouts, notifications] = [
    await open('/console/checkouts', headers),
    await open('/console/notifications', headers),
  ]
  for (const [kind, name] of Object.entries(textsOf(language).kinds)) {
    expect(checkouts).toContain(`<option value="${kind}">${name}</option>`)
    expect(notifications).toMatch(new RegExp(`value="${kind}"( checked)?> ${name}</label>`))
  }
})

test.each([
  ['', 'system'],
  ['theme=dark', 'dark'],
  ['theme=light', 'light'],
  ['theme="><script>', 'system'],
])('the cookie %j gives the theme %s', async (cookie, theme) => {
  expect(await open('/', { cookie })).toContain(`<html lang="en" data-theme="${theme}">`)
})

describe.each([
  ['script.js', 'text/javascript; charset=utf-8'],
  ['checkouts.js', 'text/javascript; charset=utf-8'],
  ['style.css', 'text/css; charset=utf-8'],
])('the file %s', (name, type) => {
  const path = `/console/assets/${name}`

  test('needs no credential, is compressed and is not sent twice to the same browser', async () => {
    const { get } = withKeys()
    const plain = await get(path)
    expect([plain.status, plain.headers.get('content-type')]).toEqual([200, type])
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(plain.headers.get('cache-control')).toBe('no-cache')
    const text = await plain.text()
    for (const coding of ['gzip', 'br']) {
      const encoded = await get(path, { 'accept-encoding': coding })
      expect(encoded.headers.get('content-encoding')).toBe(coding)
      expect((await encoded.arrayBuffer()).byteLength).toBeLessThan(text.length)
    }
    const again = await get(path, { 'if-none-match': plain.headers.get('etag') ?? '' })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect((await get(path, { 'if-none-match': '"another"' })).status).toBe(200)
  })
})
