import { html } from 'hono/html'
import type { Problem } from '../../../backbone/problem.ts'
import { problemText } from '../text/problem-text.ts'
import type { View } from './view.ts'

/** Instead of a view that cannot be shown. */
export const failure = (problem: Problem): View => ({
  name: 'failure',
  title: ({ shell }) => shell.error.title,
  content: ({ texts }) => html`<p class="fault">${problemText(texts, problem)}</p>
<p><a href="">${texts.shell.error.again}</a></p>`,
})
