import { html } from 'hono/html'
import type { View } from './view.ts'

export const overview: View = {
  name: 'overview',
  title: (texts) => texts.overview.title,
  content: ({ texts }) => html`<p id="loading">${texts.shell.loading}</p>`,
}
