import { html } from 'hono/html'
import type { View } from './view.ts'

export const members: View = {
  name: 'members',
  title: (texts) => texts.members.title,
  content: ({ texts }) => html`<div id="members" class="members"><p>${texts.overview.live.waiting}</p></div>`,
}
