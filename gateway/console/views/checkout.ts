import { html } from 'hono/html'
import type { View } from '../../pages/views/view.ts'
import { consoleTextsOf } from '../text/texts.ts'
import { ownerNote } from './owner-note.ts'

export const checkout: View = {
  name: 'checkout',
  script: 'checkout.js',
  title: (language) => consoleTextsOf(language).checkout.title,
  content: (page) => {
    const { checkout: text } = consoleTextsOf(page.language)
    return html`${ownerNote(page)}<div id="checkout-head"></div>
<div class="checkout">
<section class="panel" aria-labelledby="timeline-heading">
<div class="heading-row">
<h2 id="timeline-heading">${text.timeline}</h2>
<button type="button" id="read-again" hidden>${text.readAgain}</button>
</div>
<ol id="timeline" class="timeline"></ol>
<div id="timeline-notes"></div>
</section>
<div id="checkout-data" class="checkout-data"></div>
</div>`
  },
}
