import { html } from 'hono/html'
import type { Problem } from '../../../backbone/problem.ts'
import type { View } from './view.ts'

/** Instead of a view that cannot be shown. */
export const failure = ({ title, detail }: Problem): View => ({
  name: 'failure',
  title: ({ shell }) => shell.error.title,
  content: ({ texts }) => html`<p class="fault">${title}${detail === undefined ? '' : `: ${detail}`}</p>
<p><a href="">${texts.shell.error.again}</a></p>`,
})
