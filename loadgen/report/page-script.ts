import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { html, type Markup, trusted } from './html.ts'

const source = readFileSync(new URL('./show-values.js', import.meta.url), 'utf8')

export const pageScript: Markup = html`<script>${trusted(source)}</script>`

/** Only this script may run, and nothing may be loaded. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(source).digest('base64')}'`,
].join('; ')
