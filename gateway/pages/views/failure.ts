import { html } from 'hono/html'
import type { Problem } from '../../../backbone/problem.ts'
import { problemText } from '../text/problem-text.ts'
import { textsOf } from '../text/texts.ts'
import type { View } from './view.ts'

/** Instead of a view that cannot be shown. */
export const failure = (problem: Problem): View => ({
  name: 'failure',
  title: (language) => textsOf(language).shell.error.title,
  content: ({ language }) => {
    const texts = textsOf(language)
    return html`<p class="fault">${problemText(texts, problem)}</p>
<p><a href="">${texts.shell.error.again}</a></p>`
  },
})
