import { html } from 'hono/html'
import type { PageContext, View } from '../../pages/views/view.ts'
import { consoleTextsOf } from '../text/texts.ts'

export const forecast: View = {
  name: 'forecast',
  script: 'forecast.js',
  title: (language) => consoleTextsOf(language).forecast.title,
  content: (page) => {
    const {
      forecast: { calendar },
      site,
    } = consoleTextsOf(page.language)
    return html`<div id="forecast" class="forecast"><p>${site.loading}</p></div>
<section class="panel calendar" aria-label="${calendar.heading}">
<h2>${calendar.heading}</h2>
<p class="hint">${calendar.hint}</p>
<div id="calendar"></div>
${eventForm(page)}
</section>`
  },
}

// The API checks the values: its faults are shown at the fields.
const eventForm = ({ language }: PageContext) => {
  const { calendar } = consoleTextsOf(language).forecast
  const field = (name: keyof typeof calendar.fields, attributes: ReturnType<typeof html>) =>
    html`<div><label for="${name}">${calendar.fields[name]}</label>
<input id="${name}" ${attributes} aria-describedby="${name}-fault">
<p id="${name}-fault" class="fault"></p></div>
`
  return html`<h3>${calendar.add}</h3>
<form id="event" class="search" novalidate>
${field('name', html`autocomplete="off"`)}${field('from', html`type="datetime-local"`)}${field(
  'until',
  html`type="datetime-local"`,
)}${field('times', html`type="number" step="any" inputmode="decimal"`)}<div class="search-buttons">
<button type="submit">${calendar.save}</button></div>
</form>
<p id="event-note" role="status"></p>`
}
