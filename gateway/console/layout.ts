import { html } from 'hono/html'
import { languageNames, languages } from './text/texts.ts'
import { type Html, type PageContext, type Site, themes, type View } from './views/view.ts'

const addresses = {
  overview: '/',
  members: '/console/members',
  checkouts: '/console/checkouts',
  'dead-letters': '/console/dead-letters',
  notifications: '/console/notifications',
} as const

type NavName = keyof typeof addresses

/** The view whose link is marked; without any navigation on the log-in form. */
export interface Place {
  nav: NavName | 'unmarked' | undefined
}

/** A whole page: header, navigation, and the view between. */
export function layout(page: PageContext, view: View, { nav }: Place, site: Site): Html {
  const { texts, language, theme } = page
  const title = view.title(texts, language)
  return html`<!doctype html>
<html lang="${language}" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${theme === 'system' ? 'light dark' : theme}">
<title>${title === site.name(page) ? title : `${title} · ${site.name(page)}`}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${site.assets}/style.css">
<script type="module" src="${site.assets}/script.js"></script>
</head>
<body data-view="${view.name}">
<a class="skip-link" href="#content">${texts.shell.skipLink}</a>
<header class="page-header">
<p class="page-title">${site.name(page)}</p>
${nav === undefined ? '' : navigation(page, nav)}
${switches(page)}
</header>
<main id="content" tabindex="-1">
<h1>${title}</h1>
<noscript><p class="notice">${texts.shell.needsScript} <a href="/docs">/docs</a></p></noscript>
<p id="status" class="status" role="status"></p>
${view.content(page)}
</main>
</body>
</html>
`
}

const navigation = (
  { texts: { shell } }: PageContext,
  current: NonNullable<Place['nav']>,
) => html`<nav aria-label="${shell.views}">
<ul>
${Object.entries(addresses).map(
  ([name, address]) =>
    html`<li><a href="${address}"${name === current ? html` aria-current="page"` : ''}>${shell.nav[name as NavName]}</a></li>
`,
)}</ul>
</nav>`

const switches = ({
  texts: { shell },
  language,
  theme,
  hasSession,
}: PageContext) => html`<div class="switches">
<label><span>${shell.language}</span> <select id="language">
${languages.map((code) => option(code, languageNames[code], code === language, code))}</select></label>
<label><span>${shell.theme}</span> <select id="theme">
${themes.map((name) => option(name, shell.themes[name], name === theme, language))}</select></label>
${hasSession ? html`<button type="button" id="log-out">${shell.logOut}</button>` : ''}
</div>`

const option = (value: string, label: string, isSelected: boolean, language: string) =>
  html`<option value="${value}" lang="${language}"${isSelected ? ' selected' : ''}>${label}</option>
`
