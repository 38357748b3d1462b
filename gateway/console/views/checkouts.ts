import { html } from 'hono/html'
import { ownerField } from './owner-field.ts'
import { ownerNote } from './owner-note.ts'
import type { PageContext, View } from './view.ts'

export const checkouts: View = {
  name: 'checkouts',
  title: (texts) => texts.checkouts.title,
  content: (page) => html`${ownerNote(page)}${form(page)}
<div id="results"></div>
<button type="button" id="stop" hidden>${page.texts.checkouts.stop}</button>
<button type="button" id="older" hidden>${page.texts.checkouts.searchOlder}</button>`,
}

const form = (page: PageContext) => {
  const { checkouts: text, kinds } = page.texts
  return html`<form id="search" class="search panel" role="search">
<div class="search-text">
<label for="search-text">${text.find}</label>
<input id="search-text" type="search" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="search-hint">
<p id="search-hint" class="hint">${text.hint}</p>
</div>
<div><label for="kind">${text.kind}</label>
<select id="kind"><option value="">${text.allKinds}</option>
${Object.entries(kinds).map(([kind, name]) => html`<option value="${kind}">${name}</option>`)}</select></div>
${ownerField(page)}<div><label for="since">${text.since}</label>
<input id="since" type="datetime-local" step="1"></div>
<div><label for="until">${text.until}</label>
<input id="until" type="datetime-local" step="1"></div>
<div class="search-buttons"><button type="submit">${text.search}</button>
<button type="reset">${text.reset}</button></div>
</form>`
}
