import { html } from 'hono/html'
import type { PageContext, View } from '../../pages/views/view.ts'
import { consoleTextsOf } from '../text/texts.ts'
import { ownerField } from './owner-field.ts'
import { ownerNote } from './owner-note.ts'

export const insights: View = {
  name: 'insights',
  script: 'insights.js',
  title: (language) => consoleTextsOf(language).insights.title,
  content: (page) => html`${ownerNote(page)}${form(page)}
<div id="insights" class="insights"></div>`,
}

const form = (page: PageContext) => {
  const { insights: text } = consoleTextsOf(page.language)
  return html`<form id="period" class="search panel">
<div><label for="range">${text.range}</label>
<select id="range">
${Object.entries(text.ranges).map(
  ([range, name]) => html`<option value="${range}">${name}</option>
`,
)}</select></div>
<div data-of="own" hidden><label for="since">${text.since}</label>
<input id="since" type="datetime-local"></div>
<div data-of="own" hidden><label for="until">${text.until}</label>
<input id="until" type="datetime-local"></div>
${ownerField(page)}<div class="search-buttons"><button type="submit">${text.show}</button></div>
</form>`
}
