import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { accepts } from 'hono/accepts'
import { getCookie } from 'hono/cookie'
import { languageDetector } from 'hono/language'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import type { Identity } from '../../backbone/access/identity.ts'
import { SESSION_COOKIE } from '../../backbone/access/session-cookie.ts'
import { otherMethods } from '../../backbone/http/method-not-allowed.ts'
import { ProblemError, problemBody, problemResponse, toProblem } from '../../backbone/problem.ts'
import { layout } from './layout.ts'
import { type Language, languages, textsOf } from './text/texts.ts'
import { failure } from './views/failure.ts'
import { logIn } from './views/log-in.ts'
import { type PageContext, type Site, themes, type View } from './views/view.ts'

interface SiteOptions {
  site: Site
  /** Who may see its pages. */
  guards: MiddlewareHandler<AccessEnv>[]
  /** Called with each unexpected error. */
  onInternal: (error: unknown, requestId: string) => void
}

interface PageRoutesOptions extends SiteOptions {
  /** `link`: the address of its link in the navigation. */
  pages: [path: string, View, link: string | undefined][]
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

const readOnly = otherMethods('GET', 'HEAD')
const detectLanguage = languageDetector({
  supportedLanguages: [...languages],
  fallbackLanguage: 'en',
  order: ['cookie', 'header'],
  caches: false,
})

/** Pages of a site. A browser whose credential does not pass the guards gets a form to log in. */
export function pageRoutes<AppEnv extends AccessEnv>(
  app: Hono<AppEnv>,
  { pages, ...options }: PageRoutesOptions,
): void {
  const { site, guards } = options
  const html = createSite(options)
  for (const [path, view, link] of pages)
    html.get(path, detectLanguage, ...guards, (context) => show(context, view, link, site))
  app.route('/', html)
  for (const [path] of pages) app.all(path, readOnly)
}

/** The view for a browser at an address that no page of the folder has. Other clients get the problem as JSON. */
export function missingPages<AppEnv extends AccessEnv>(
  app: Hono<AppEnv>,
  { folder, view, ...options }: SiteOptions & { folder: string; view: View },
): void {
  const html = createSite(options)
  html.get(`${folder}/*`, detectLanguage, onlyForBrowsers, ...options.guards, (context) =>
    show(context, view, undefined, options.site, 404),
  )
  app.route('/', html)
}

const prefersHtml = (context: Context): boolean =>
  accepts(context, {
    header: 'Accept',
    supports: ['application/json', 'text/html'],
    default: 'application/json',
  }) === 'text/html'

const onlyForBrowsers: MiddlewareHandler = (context, next) =>
  prefersHtml(context) ? next() : Promise.reject(new ProblemError('not-found'))

function createSite({ site, onInternal }: SiteOptions) {
  const html = new Hono<AccessEnv>()
  html.onError((error, context) => {
    const problem = toProblem(error)
    if (problem.code === 'internal') onInternal(error, context.get('requestId'))
    if (problem.code === 'not-found') return problemResponse(problem)
    return showProblem(context, problem, site)
  })
  return html
}

function show(
  context: Context<AccessEnv>,
  view: View,
  link: string | undefined,
  site: Site,
  status: ContentfulStatusCode = 200,
) {
  return context.html(layout(pageContext(context), view, link, site), status, {
    'content-security-policy': POLICY,
  })
}

function pageContext(context: Context<AccessEnv>): PageContext {
  const language = context.get('language') as Language
  const theme = getCookie(context, 'theme')
  return {
    language,
    theme: themes.find((known) => known === theme) ?? 'system',
    hasSession: context.get('key') !== undefined,
    seesAllOwners: (context.get('identity') as Identity | undefined)?.scopes.has('all-owners') ?? false,
  }
}

async function showProblem(
  context: Context<AccessEnv>,
  problem: ProblemError,
  site: Site,
): Promise<Response> {
  const body = problemBody(problem)
  const status = body.status as ContentfulStatusCode
  const unlinked = { ...site, links: [] }
  const response = await show(context, viewOf(context, problem, site), undefined, unlinked, status)
  for (const [name, value] of Object.entries(problem.extras.headers ?? {})) response.headers.set(name, value)
  return response
}

function viewOf(context: Context, problem: ProblemError, site: Site): View {
  if (problem.code === 'forbidden') return logIn(site, site.noScope)
  if (problem.code !== 'unauthenticated') return failure(problemBody(problem))
  const hadSession = getCookie(context, SESSION_COOKIE, 'host') !== undefined
  return logIn(site, (language) => (hadSession ? textsOf(language).shell.logIn.ended : ''))
}
