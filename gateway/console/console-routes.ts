import type { Hono, MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { OUTCOME_ID } from '../../backbone/records/event-id.ts'
import { assetRoutes, readStyle } from './assets.ts'
import type { Place } from './layout.ts'
import { missingPages, pageRoutes } from './page-routes.ts'
import { buildScript } from './script-bundle.ts'
import { checkout } from './views/checkout.ts'
import { checkouts } from './views/checkouts.ts'
import { deadLetters } from './views/dead-letters.ts'
import { members } from './views/members.ts'
import { notifications } from './views/notifications.ts'
import { overview } from './views/overview.ts'
import type { Site, View } from './views/view.ts'

interface ConsoleOptions {
  ofAddress: MiddlewareHandler<AccessEnv>
  mayOperate: MiddlewareHandler<AccessEnv>
  /** Called with each unexpected error. */
  onInternal: (error: unknown, requestId: string) => void
  log: Logger
}

const site: Site = {
  assets: '/console/assets',
  name: ({ texts }) => texts.shell.title,
  scopes: ['operate'],
  hint: ({ texts }) => texts.shell.logIn.hint,
  noScope: ({ texts }) => texts.shell.logIn.noScope,
}
const pages: [path: string, View, Place][] = [
  ['/', overview, { nav: 'overview' }],
  ['/console/members', members, { nav: 'members' }],
  ['/console/checkouts', checkouts, { nav: 'checkouts' }],
  [`/console/checkouts/:eventId{${OUTCOME_ID.source.slice(1, -1)}}`, checkout, { nav: 'checkouts' }],
  ['/console/dead-letters', deadLetters, { nav: 'dead-letters' }],
  ['/console/notifications', notifications, { nav: 'notifications' }],
]
const parts = ['overview', 'members', 'checkouts', 'checkout', 'dead-letters', 'notifications']

/**
 * The operations page. It has no admission limit: it must open when the gateway is overloaded, and only
 * operators can open it. A browser without their scope gets a form to log in.
 */
export function consoleRoutes<AppEnv extends AccessEnv>(app: Hono<AppEnv>, options: ConsoleOptions): void {
  const { ofAddress, mayOperate, onInternal, log } = options
  const shared = { site, guards: [ofAddress, mayOperate], onInternal }
  pageRoutes(app, { ...shared, pages })

  const styles = parts.map((part) => new URL(`style/${part}.css`, import.meta.url))
  assetRoutes(app, {
    folder: site.assets,
    script: () => buildScript(new URL('browser/main.ts', import.meta.url)),
    style: () => readStyle(styles),
    ofAddress,
    log,
  })
  missingPages(app, { ...shared, folder: '/console' })
}
