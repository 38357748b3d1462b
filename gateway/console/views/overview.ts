import { html } from 'hono/html'
import type { View } from '../../pages/views/view.ts'
import { consoleTextsOf } from '../text/texts.ts'

export const overview: View = {
  name: 'overview',
  script: 'overview.js',
  title: (language) => consoleTextsOf(language).overview.title,
  content: ({ language }) =>
    html`<div id="overview" class="overview"><p>${consoleTextsOf(language).overview.live.waiting}</p></div>`,
}
