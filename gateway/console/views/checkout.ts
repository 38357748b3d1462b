import { html } from 'hono/html'
import type { View } from './view.ts'

export const checkout: View = {
  name: 'checkout',
  title: (texts) => texts.checkout.title,
  content: ({ texts }) => html`<p id="loading">${texts.shell.loading}</p>`,
}
