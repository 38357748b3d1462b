import type { Hono, MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { OUTCOME_ID } from '../../backbone/records/event-id.ts'
import { assetRoutes, readStyle } from '../pages/assets.ts'
import { missingPages, pageRoutes } from '../pages/page-routes.ts'
import type { Site, View } from '../pages/views/view.ts'
import { addresses, viewNames } from './addresses.ts'
import { consoleTextsOf } from './text/texts.ts'
import { checkout } from './views/checkout.ts'
import { checkouts } from './views/checkouts.ts'
import { deadLetters } from './views/dead-letters.ts'
import { forecast } from './views/forecast.ts'
import { insights } from './views/insights.ts'
import { members } from './views/members.ts'
import { messages } from './views/messages.ts'
import { missing } from './views/missing.ts'
import { notifications } from './views/notifications.ts'
import { overview } from './views/overview.ts'

interface ConsoleOptions {
  ofAddress: MiddlewareHandler<AccessEnv>
  mayOperate: MiddlewareHandler<AccessEnv>
  /** Called with each unexpected error. */
  onInternal: (error: unknown, requestId: string) => void
  log: Logger
}

const site: Site = {
  assets: '/console/assets',
  name: (language) => consoleTextsOf(language).site.title,
  scopes: ['operate'],
  hint: (language) => consoleTextsOf(language).site.logIn.hint,
  noScope: (language) => consoleTextsOf(language).site.logIn.noScope,
  links: viewNames.map((name) => ({
    address: addresses[name],
    label: (language) => consoleTextsOf(language).site.nav[name],
  })),
}
const pages: [path: string, View, link: string][] = [
  [addresses.overview, overview, addresses.overview],
  [addresses.members, members, addresses.members],
  [addresses.forecast, forecast, addresses.forecast],
  [addresses.checkouts, checkouts, addresses.checkouts],
  [`${addresses.checkouts}/:eventId{${OUTCOME_ID.source.slice(1, -1)}}`, checkout, addresses.checkouts],
  [addresses.insights, insights, addresses.insights],
  [addresses['dead-letters'], deadLetters, addresses['dead-letters']],
  [addresses.notifications, notifications, addresses.notifications],
  [addresses.messages, messages, addresses.messages],
]
/** Each has a script and a style sheet of its own. */
const parts = pages.map(([, { name }]) => name)

const browserModule = (name: string) => new URL(`browser/${name}.ts`, import.meta.url)

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
    scripts: {
      'script.js': browserModule('main'),
      // A page loads only the script of its view: that of the overview has the plots.
      ...Object.fromEntries(parts.map((part) => [`${part}.js`, browserModule(part)])),
    },
    style: () => readStyle(styles),
    ofAddress,
    log,
  })
  missingPages(app, { ...shared, folder: '/console', view: missing })
}
