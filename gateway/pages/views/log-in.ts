import { html } from 'hono/html'
import { type Language, textsOf } from '../text/texts.ts'
import type { Site, View } from './view.ts'

/** `fault`: why the credential that the browser sent does not open the page. */
export const logIn = (site: Site, fault: (language: Language) => string): View => ({
  name: 'log-in',
  title: (language) => textsOf(language).shell.logIn.title,
  content: ({ language }) => {
    const { logIn: text } = textsOf(language).shell
    return html`<form id="log-in" class="log-in" data-scopes="${site.scopes.join(' ')}" data-no-scope="${site.noScope(language)}">
<p id="log-in-fault" class="fault" role="alert">${fault(language)}</p>
<label for="key">${text.key}</label>
<input id="key" type="password" autocomplete="current-password" spellcheck="false" required aria-describedby="key-hint log-in-fault">
<p id="key-hint" class="hint">${site.hint(language)}</p>
<button type="submit">${text.submit}</button>
</form>`
  },
})
