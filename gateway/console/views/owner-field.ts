import { html } from 'hono/html'
import type { Html, PageContext } from '../../pages/views/view.ts'
import { consoleTextsOf } from '../text/texts.ts'

/** Selects one owner, for viewers who see the checkouts of all. The scripts show owners where it is. */
export const ownerField = ({ language, seesAllOwners }: PageContext): Html | '' =>
  seesAllOwners
    ? html`<div><label for="owner">${consoleTextsOf(language).site.owner}</label>
<input id="owner" autocomplete="off" autocapitalize="off" spellcheck="false"></div>
`
    : ''
