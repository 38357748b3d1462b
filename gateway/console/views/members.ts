import { html } from 'hono/html'
import type { View } from '../../pages/views/view.ts'
import { consoleTextsOf } from '../text/texts.ts'

export const members: View = {
  name: 'members',
  script: 'members.js',
  title: (language) => consoleTextsOf(language).members.title,
  content: ({ language }) =>
    html`<div id="members" class="members"><p>${consoleTextsOf(language).overview.live.waiting}</p></div>`,
}
