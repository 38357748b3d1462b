import { html } from 'hono/html'
import type { View } from '../../pages/views/view.ts'
import { consoleTextsOf } from '../text/texts.ts'

/** At an address that no page has. */
export const missing: View = {
  name: 'missing',
  title: (language) => consoleTextsOf(language).site.missing.title,
  content: ({ language }) => {
    const { missing: text } = consoleTextsOf(language).site
    return html`<p>${text.explanation}</p>
<p><a href="/">${text.back}</a></p>`
  },
}
