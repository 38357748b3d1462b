import { html } from 'hono/html'
import type { Html, PageContext } from './view.ts'

/** Selects one owner, for viewers who see the checkouts of all. The scripts show owners where it is. */
export const ownerField = ({ texts, seesAllOwners }: PageContext): Html | '' =>
  seesAllOwners
    ? html`<div><label for="owner">${texts.shell.owner}</label>
<input id="owner" autocomplete="off" autocapitalize="off" spellcheck="false"></div>
`
    : ''
