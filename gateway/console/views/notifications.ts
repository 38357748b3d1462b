import { html } from 'hono/html'
import type { View } from './view.ts'

export const notifications: View = {
  name: 'notifications',
  title: (texts) => texts.notifications.title,
  content: ({ texts }) => html`<p id="loading">${texts.shell.loading}</p>`,
}
