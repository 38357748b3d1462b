import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { ApiDescription, Operation } from './describe-api.ts'

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2a35; background: #fff }
h2 { margin-top: 3rem; border-top: 1px solid #d5dde3; padding-top: 1.5rem }
h2 code { font-size: 1.1rem }
b { display: inline-block; min-width: 3.5rem; color: #0b6e4f }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #e6ebef }
pre { background: #f4f7f9; padding: 1rem; overflow: auto; font-size: 14px }
@media (prefers-color-scheme: dark) { body { color: #dbe4ea; background: #10181e } pre { background: #18232b } b { color: #6fd3ae } th, td, h2 { border-color: #2b3942 } }
`
const styleHash = createHash('sha256').update(STYLE).digest('base64')

/** For this page instead of what every other answer has: its own style, and nothing else. */
export const docsPagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'`

/** The description as a page that needs no script, no network and no second file. */
export async function docsPage({ info, paths, components }: ApiDescription): Promise<string> {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation,
    })),
  )
  const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${info.title}: API</title>
<style>${raw(STYLE)}</style>
<h1>${info.title}</h1>
<p>${info.description} The same for machines: <a href="/openapi.json">/openapi.json</a>.</p>
${operations.map(operationSection)}
<h2>Schemas</h2>
${Object.entries(components.schemas).map(
  ([name, schema]) => html`<h3 id="${name}">${name}</h3><pre>${JSON.stringify(schema, null, 2)}</pre>`,
)}
</html>`
  return (await page).toString()
}

interface Section {
  path: string
  method: string
  operation: Operation
}

function operationSection({ path, method, operation }: Section) {
  const { summary, description = '', parameters = [], requestBody, responses } = operation
  return html`
<h2><b>${method}</b> <code>${path}</code></h2>
<p>${summary}. ${description}</p>
${parameters.length > 0 ? table(parameters.map((parameter) => [`${parameter.name} (${parameter.in})`, parameter.description])) : ''}
${requestBody === undefined ? '' : html`<p>Body: ${schemaLinks(requestBody)}</p>`}
${table(Object.entries(responses).map(([status, answer]) => [status, answer.description, schemaLinks(answer)]))}`
}

const table = (rows: unknown[][]) =>
  html`<table>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</table>`

function schemaLinks(part: unknown) {
  const names = new Set(
    [...JSON.stringify(part).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name),
  )
  return [...names].map((name) => html`<a href="#${name}">${name}</a> `)
}
