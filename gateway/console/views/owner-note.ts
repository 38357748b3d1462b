import { html } from 'hono/html'
import type { Html, PageContext } from '../../pages/views/view.ts'
import { consoleTextsOf } from '../text/texts.ts'

/** Whose checkouts a view shows: without it, those of other owners would seem lost. */
export const ownerNote = ({ language, hasSession, seesAllOwners }: PageContext): Html | '' =>
  hasSession && !seesAllOwners ? html`<p class="hint">${consoleTextsOf(language).site.ownOnly}</p>` : ''
