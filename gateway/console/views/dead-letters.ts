import { html } from 'hono/html'
import { deadLetterReasons } from '../../../backbone/records/dead-letter.ts'
import type { PageContext, View } from '../../pages/views/view.ts'
import { consoleTextsOf } from '../text/texts.ts'
import { ownerNote } from './owner-note.ts'

export const deadLetters: View = {
  name: 'dead-letters',
  script: 'dead-letters.js',
  title: (language) => consoleTextsOf(language).deadLetters.title,
  content: (page) => {
    const { deadLetters: text, site } = consoleTextsOf(page.language)
    return html`<p class="hint">${text.intro}</p>
${ownerNote(page)}${filterForm(page)}
<div class="dead-letters">
<section class="panel" id="list"><p id="loading">${site.loading}</p></section>
<section class="panel" id="detail" hidden></section>
<section class="panel" id="bulk"></section>
</div>`
  },
}

const filterForm = ({ seesAllOwners, language }: PageContext) => {
  const {
    deadLetters: { filter, reasons },
    site,
  } = consoleTextsOf(language)
  return html`<form id="filter" class="filter" aria-label="${filter.label}">
<label><span>${filter.reason}</span> <select name="reason">
<option value="">${filter.all}</option>
${deadLetterReasons.map(
  (reason) => html`<option value="${reason}">${reasons[reason]}</option>
`,
)}</select></label>
<label><span>${filter.state}</span> <select name="redriven">
<option value="">${filter.all}</option>
<option value="false">${filter.open}</option>
<option value="true">${filter.done}</option>
</select></label>
${
  seesAllOwners
    ? html`<label><span>${site.owner}</span> <input name="owner" autocomplete="off" spellcheck="false"></label>
`
    : ''
}<label><span>${filter.since}</span> <input type="datetime-local" name="since" step="1"></label>
<label><span>${filter.until}</span> <input type="datetime-local" name="until" step="1"></label>
<button type="submit">${filter.apply}</button>
</form>`
}
