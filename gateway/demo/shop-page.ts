import { html } from 'hono/html'
import type { View } from '../pages/views/view.ts'
import { demoTextsOf } from './text/texts.ts'

/** The shop. Its customer, its cart and what happens come from the script. */
export const shopPage: View = {
  name: 'demo',
  title: (language) => demoTextsOf(language).title,
  content: ({ language }) => {
    const texts = demoTextsOf(language)
    const actions = Object.entries(texts.actions)
    return html`<p class="hint intro">${texts.intro}</p>
<div class="shop">
<section class="panel" aria-labelledby="customer-heading">
<h2 id="customer-heading">${texts.customer}</h2>
<p id="customer-name"></p>
<p class="muted"><code id="customer-id"></code></p>
<p><button type="button" id="another">${texts.another}</button></p>
<h2>${texts.product}</h2>
<p id="product" class="product"></p>
<h2 id="path-heading">${texts.path}</h2>
<p class="hint">${texts.pathHint}</p>
<p role="group" aria-labelledby="path-heading">
${Object.entries(texts.stages).map(
  ([name, label]) => html`<button type="button" id="stage-${name}" aria-pressed="false">${label}</button>
`,
)}<button type="button" id="payment-error">${texts.paymentError}</button>
</p>
</section>
<section class="panel" aria-labelledby="actions-heading">
<h2 id="actions-heading">${texts.actionsTitle}</h2>
<ul class="actions">
${actions.map(
  ([name, { label, about }]) =>
    html`<li><button type="button" id="do-${name}" aria-describedby="about-${name}">${label}</button>
<span id="about-${name}" class="hint">${about}</span></li>
`,
)}</ul>
</section>
<section class="panel" aria-labelledby="messages-heading">
<h2 id="messages-heading">${texts.messages}</h2>
<ul id="messages" class="messages" aria-live="polite" data-empty="${texts.noMessages}"></ul>
</section>
<section class="panel" aria-labelledby="purchases-heading">
<h2 id="purchases-heading">${texts.purchases}</h2>
<ul id="purchases" class="purchases" aria-live="polite" data-empty="${texts.noPurchases}"></ul>
</section>
</div>`
  },
}
