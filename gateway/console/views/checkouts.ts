import { html } from 'hono/html'
import type { PageContext, View } from '../../pages/views/view.ts'
import { consoleTextsOf } from '../text/texts.ts'
import { ownerField } from './owner-field.ts'
import { ownerNote } from './owner-note.ts'

export const checkouts: View = {
  name: 'checkouts',
  script: 'checkouts.js',
  title: (language) => consoleTextsOf(language).checkouts.title,
  content: (page) => {
    const { checkouts: text } = consoleTextsOf(page.language)
    return html`${ownerNote(page)}${form(page)}
<div id="results"></div>
<button type="button" id="stop" hidden>${text.stop}</button>
<button type="button" id="older" hidden>${text.searchOlder}</button>`
  },
}

const form = (page: PageContext) => {
  const { checkouts: text, kinds } = consoleTextsOf(page.language)
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
