import { html } from 'hono/html'
import type { View } from './view.ts'

export const overview: View = {
  name: 'overview',
  title: (texts) => texts.overview.title,
  content: ({ texts }) =>
    html`<div id="overview" class="overview"><p>${texts.overview.live.waiting}</p></div>`,
}
