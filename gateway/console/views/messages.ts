import { html } from 'hono/html'
import type { View } from '../../pages/views/view.ts'
import { consoleTextsOf } from '../text/texts.ts'

export const messages: View = {
  name: 'messages',
  script: 'messages.js',
  title: (language) => consoleTextsOf(language).messages.title,
  content: ({ language }) => {
    const { messages: text, site } = consoleTextsOf(language)
    return html`<p class="hint">${text.intro}</p>
<div id="messages" class="messages"><p>${site.loading}</p></div>`
  },
}
