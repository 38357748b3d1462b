import { html } from 'hono/html'
import type { Texts } from '../text/texts.ts'
import type { View } from './view.ts'

/** `fault`: why the credential that the browser sent does not open the page. */
export const logIn = (fault: (texts: Texts) => string): View => ({
  name: 'log-in',
  title: ({ shell }) => shell.logIn.title,
  content: ({ texts }) => html`<form id="log-in" class="log-in">
<p id="log-in-fault" class="fault" role="alert">${fault(texts)}</p>
<label for="key">${texts.shell.logIn.key}</label>
<input id="key" type="password" autocomplete="current-password" spellcheck="false" required aria-describedby="key-hint log-in-fault">
<p id="key-hint" class="hint">${texts.shell.logIn.hint}</p>
<button type="submit">${texts.shell.logIn.submit}</button>
</form>`,
})
