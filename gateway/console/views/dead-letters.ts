import { html } from 'hono/html'
import type { View } from './view.ts'

export const deadLetters: View = {
  name: 'dead-letters',
  title: (texts) => texts.deadLetters.title,
  content: ({ texts }) => html`<p id="loading">${texts.shell.loading}</p>`,
}
