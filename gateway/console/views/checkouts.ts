import { html } from 'hono/html'
import type { View } from './view.ts'

export const checkouts: View = {
  name: 'checkouts',
  title: (texts) => texts.checkouts.title,
  content: ({ texts }) => html`<p id="loading">${texts.shell.loading}</p>`,
}
