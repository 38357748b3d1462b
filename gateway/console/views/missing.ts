import { html } from 'hono/html'
import type { View } from './view.ts'

/** At an address that no page has. */
export const missing: View = {
  name: 'missing',
  title: ({ shell }) => shell.missing.title,
  content: ({ texts: { shell } }) => html`<p>${shell.missing.explanation}</p>
<p><a href="/">${shell.missing.back}</a></p>`,
}
