import { html } from 'hono/html'
import { type Language, languageNames, languages, textsOf } from './text/texts.ts'
import { type Html, type PageContext, type Site, themes, type View } from './views/view.ts'

/** A whole page: header, navigation, and the view between. `current`: the address of the link that is marked. */
export function layout(page: PageContext, view: View, current: string | undefined, site: Site): Html {
  const { language, theme } = page
  const { shell } = textsOf(language)
  const title = view.title(language)
  return html`<!doctype html>
<html lang="${language}" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${theme === 'system' ? 'light dark' : theme}">
<title>${title === site.name(language) ? title : `${title} · ${site.name(language)}`}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${site.assets}/style.css">
${['script.js', ...(view.script === undefined ? [] : [view.script])].map(
  (file) => html`<script type="module" src="${site.assets}/${file}"></script>
`,
)}</head>
<body data-view="${view.name}">
<a class="skip-link" href="#content">${shell.skipLink}</a>
<header class="page-header">
<p class="page-title">${site.name(language)}</p>
${site.links.length === 0 ? '' : navigation(language, site, current)}
${switches(page)}
</header>
<main id="content" tabindex="-1">
<h1>${title}</h1>
<noscript><p class="notice">${shell.needsScript} <a href="/docs">/docs</a></p></noscript>
<p id="status" class="status" role="status"></p>
${view.content(page)}
</main>
</body>
</html>
`
}

const navigation = (
  language: Language,
  { links }: Site,
  current: string | undefined,
) => html`<nav aria-label="${textsOf(language).shell.views}">
<ul>
${links.map(
  ({ address, label }) =>
    html`<li><a href="${address}"${address === current ? html` aria-current="page"` : ''}>${label(language)}</a></li>
`,
)}</ul>
</nav>`

const switches = ({ language, theme, hasSession }: PageContext) => {
  const { shell } = textsOf(language)
  return html`<div class="switches">
<label><span>${shell.language}</span> <select id="language">
${languages.map((code) => option(code, languageNames[code], code === language, code))}</select></label>
<label><span>${shell.theme}</span> <select id="theme">
${themes.map((name) => option(name, shell.themes[name], name === theme, language))}</select></label>
${hasSession ? html`<button type="button" id="log-out">${shell.logOut}</button>` : ''}
</div>`
}

const option = (value: string, label: string, isSelected: boolean, language: string) =>
  html`<option value="${value}" lang="${language}"${isSelected ? ' selected' : ''}>${label}</option>
`
