import { html } from 'hono/html'
import type { PageContext, Site, View } from './view.ts'

/** `fault`: why the credential that the browser sent does not open the page. */
export const logIn = (site: Site, fault: (page: PageContext) => string): View => ({
  name: 'log-in',
  title: ({ shell }) => shell.logIn.title,
  content: (
    page,
  ) => html`<form id="log-in" class="log-in" data-scopes="${site.scopes.join(' ')}" data-no-scope="${site.noScope(page)}">
<p id="log-in-fault" class="fault" role="alert">${fault(page)}</p>
<label for="key">${page.texts.shell.logIn.key}</label>
<input id="key" type="password" autocomplete="current-password" spellcheck="false" required aria-describedby="key-hint log-in-fault">
<p id="key-hint" class="hint">${site.hint(page)}</p>
<button type="submit">${page.texts.shell.logIn.submit}</button>
</form>`,
})
