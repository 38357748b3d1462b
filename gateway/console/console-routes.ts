import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { languageDetector } from 'hono/language'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Logger } from 'pino'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { SESSION_COOKIE } from '../../backbone/access/session-cookie.ts'
import { otherMethods } from '../../backbone/http/method-not-allowed.ts'
import { type ProblemError, problemBody, toProblem } from '../../backbone/problem.ts'
import { readStyle, serveAsset } from './assets.ts'
import { layout, type Place } from './layout.ts'
import { buildScript } from './script-bundle.ts'
import { type Language, languages, textsOf } from './text/texts.ts'
import { checkout } from './views/checkout.ts'
import { checkouts } from './views/checkouts.ts'
import { deadLetters } from './views/dead-letters.ts'
import { failure } from './views/failure.ts'
import { logIn } from './views/log-in.ts'
import { members } from './views/members.ts'
import { notifications } from './views/notifications.ts'
import { overview } from './views/overview.ts'
import { type PageContext, themes, type View } from './views/view.ts'

interface ConsoleOptions {
  ofAddress: MiddlewareHandler<AccessEnv>
  mayOperate: MiddlewareHandler<AccessEnv>
  /** Called with each unexpected error. */
  onInternal: (error: unknown, requestId: string) => void
  log: Logger
}

// Nothing of another server, and no script or style in the page itself.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const pages: [path: string, View, Place][] = [
  ['/', overview, { nav: 'overview' }],
  ['/console/members', members, { nav: 'members' }],
  ['/console/checkouts', checkouts, { nav: 'checkouts' }],
  ['/console/checkouts/:eventId', checkout, { nav: 'checkouts' }],
  ['/console/dead-letters', deadLetters, { nav: 'dead-letters' }],
  ['/console/notifications', notifications, { nav: 'notifications' }],
]
const readOnly = otherMethods('GET', 'HEAD')
const detectLanguage = languageDetector({
  supportedLanguages: [...languages],
  fallbackLanguage: 'en',
  order: ['cookie', 'header'],
  caches: false,
})

/**
 * The operations page. It has no admission limit: it must open when the gateway is overloaded, and only
 * operators can open it. A browser without their scope gets a form to log in.
 */
export function consoleRoutes<AppEnv extends AccessEnv>(app: Hono<AppEnv>, options: ConsoleOptions): void {
  const { ofAddress, mayOperate, onInternal, log } = options
  const html = new Hono<AccessEnv>()
  html.onError((error, context) => {
    const problem = toProblem(error)
    if (problem.code === 'internal') onInternal(error, context.get('requestId'))
    return showProblem(context, problem)
  })
  for (const [path, view, place] of pages)
    html.get(path, detectLanguage, ofAddress, mayOperate, (context) => show(context, view, place))
  app.route('/', html)
  for (const [path] of pages) app.all(path, readOnly)

  const assets = [
    ['/console/assets/script.js', serveAsset({ type: 'text/javascript', make: buildScript, log })],
    ['/console/assets/style.css', serveAsset({ type: 'text/css', make: readStyle, log })],
  ] as const
  for (const [path, serve] of assets) {
    app.get(path, ofAddress as MiddlewareHandler, serve)
    app.all(path, readOnly)
  }
}

function show(context: Context<AccessEnv>, view: View, place: Place, status: ContentfulStatusCode = 200) {
  return context.html(layout(pageContext(context), view, place), status, {
    'content-security-policy': POLICY,
  })
}

function pageContext(context: Context<AccessEnv>): PageContext {
  const language = context.get('language') as Language
  const theme = getCookie(context, 'theme')
  return {
    texts: textsOf(language),
    language,
    theme: themes.find((known) => known === theme) ?? 'system',
    hasSession: context.get('key') !== undefined,
  }
}

async function showProblem(context: Context<AccessEnv>, problem: ProblemError): Promise<Response> {
  const body = problemBody(problem)
  const response = await show(
    context,
    viewOf(context, problem),
    { nav: undefined },
    body.status as ContentfulStatusCode,
  )
  for (const [name, value] of Object.entries(problem.extras.headers ?? {})) response.headers.set(name, value)
  return response
}

function viewOf(context: Context, problem: ProblemError): View {
  if (problem.code === 'forbidden') return logIn(({ shell }) => shell.logIn.noScope)
  if (problem.code !== 'unauthenticated') return failure(problemBody(problem))
  const hadSession = getCookie(context, SESSION_COOKIE, 'host') !== undefined
  return logIn(({ shell }) => (hadSession ? shell.logIn.ended : ''))
}
