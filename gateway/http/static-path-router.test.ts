import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { StaticPathRouter } from './static-path-router.ts'

function app() {
  const routes = new Hono({ router: new StaticPathRouter() })
  routes.use(async (context, next) => {
    await next()
    context.header('route', context.req.param('id') ?? 'static')
  })
  routes.post('/checkout', (context) => context.text('post'))
  routes.all('/checkout', (context) => context.text('not allowed', 405))
  routes.post('/checkout/batch', (context) => context.text('batch'))
  routes.get('/checkout/:id', (context) => context.text(`event ${context.req.param('id')}`))
  return routes
}

test.each([
  ['POST', '/checkout', 'post'],
  ['GET', '/checkout', 'not allowed'],
  ['MADE-UP', '/checkout', 'not allowed'],
  ['POST', '/checkout/batch', 'batch'],
  ['GET', '/checkout/batch', 'event batch'],
  ['GET', '/checkout/a', 'event a'],
  ['POST', '/checkout/a', '404 Not Found'],
  ['GET', '/constructor', '404 Not Found'],
])('%s %s is answered alike, the first time and again', async (method, path, text) => {
  const routes = app()
  for (let time = 0; time < 2; time++) {
    await routes.request('/checkout/other', { method: 'GET' })
    const answer = await routes.request(path, { method })
    expect(await answer.text()).toBe(text)
  }
})

test('a route that is added later counts, too', async () => {
  const router = new StaticPathRouter<string>()
  router.add('POST', '/checkout', 'first')
  expect(router.match('POST', '/checkout')[0].map(([handler]) => handler)).toEqual(['first'])
  router.add('ALL', '*', 'second')
  expect(router.match('POST', '/checkout')[0].map(([handler]) => handler)).toEqual(['first', 'second'])
})
