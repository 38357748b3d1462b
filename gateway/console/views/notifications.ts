import { html } from 'hono/html'
import { notifiedKinds } from '../../../backbone/records/outcome.ts'
import type { View } from '../../pages/views/view.ts'
import { consoleTextsOf } from '../text/texts.ts'
import { ownerField } from './owner-field.ts'
import { ownerNote } from './owner-note.ts'

const notified = new Set<string>(notifiedKinds)

export const notifications: View = {
  name: 'notifications',
  script: 'notifications.js',
  title: (language) => consoleTextsOf(language).notifications.title,
  content: (page) => {
    const { notifications: text, kinds } = consoleTextsOf(page.language)
    return html`${ownerNote(page)}<form id="filter" class="search panel">
<fieldset class="kinds"><legend>${text.kinds}</legend>
${Object.entries(kinds).map(
  ([kind, name]) =>
    html`<label><input type="checkbox" name="kind" value="${kind}"${notified.has(kind) ? ' checked' : ''}> ${name}</label>
`,
)}</fieldset>
<div class="search-text"><label for="customer">${text.customer}</label>
<input id="customer" autocomplete="off" autocapitalize="off" spellcheck="false"></div>
<div class="search-text"><label for="product">${text.product}</label>
<input id="product" autocomplete="off"></div>
${ownerField(page)}<div><label for="since">${text.since}</label>
<input id="since" type="datetime-local" step="1"></div>
<div><label for="until">${text.until}</label>
<input id="until" type="datetime-local" step="1"></div>
<div class="search-buttons"><button type="submit">${text.apply}</button>
<button type="reset">${text.reset}</button></div>
</form>
<div class="live">
<button type="button" id="pause">${text.pause}</button>
<p id="live" class="figure"></p>
<p class="exports"><span>${text.exportAll}</span>
<a id="export-csv" download>CSV</a>
<a id="export-ndjson" download>NDJSON</a></p>
</div>
<p id="gap" class="warn" role="status" hidden></p>
<div id="list"></div>`
  },
}
