import { html } from 'hono/html'
import type { Html, PageContext } from './view.ts'

/** Whose checkouts a view shows: without it, those of other owners would seem lost. */
export const ownerNote = ({ texts, hasSession, seesAllOwners }: PageContext): Html | '' =>
  hasSession && !seesAllOwners ? html`<p class="hint">${texts.shell.ownOnly}</p>` : ''
