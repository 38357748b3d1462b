import type { Hono, MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import type { Access, AccessEnv } from '../../backbone/access/authenticate.ts'
import { assetRoutes, readStyle } from '../pages/assets.ts'
import { pageRoutes } from '../pages/page-routes.ts'
import type { Site } from '../pages/views/view.ts'
import { shopPage } from './shop-page.ts'
import { demoTextsOf } from './text/texts.ts'

interface DemoOptions {
  access: Access
  ofAddress: MiddlewareHandler<AccessEnv>
  /** Called with each unexpected error. */
  onInternal: (error: unknown, requestId: string) => void
  log: Logger
}

const site: Site = {
  assets: '/demo/assets',
  name: (language) => demoTextsOf(language).title,
  scopes: ['write', 'read'],
  hint: (language) => demoTextsOf(language).logIn.hint,
  noScope: (language) => demoTextsOf(language).logIn.noScope,
  links: [],
}

/** A shop page that shows what a checkout is. Its purchases are real for everything behind the gateway. */
export function demoRoutes<AppEnv extends AccessEnv>(app: Hono<AppEnv>, options: DemoOptions): void {
  const { access, ofAddress, onInternal, log } = options
  pageRoutes(app, {
    site,
    pages: [['/demo', shopPage, undefined]],
    guards: [ofAddress, ...site.scopes.map((scope) => access.requires(scope))],
    onInternal,
  })
  assetRoutes(app, {
    folder: site.assets,
    scripts: { 'script.js': new URL('browser/main.ts', import.meta.url) },
    style: () => readStyle([new URL('style/demo.css', import.meta.url)]),
    ofAddress,
    log,
  })
}
