import { randomBytes } from 'node:crypto'
import type { Handler } from 'hono'

/**
 * Scripts and style sheets of this server only. Scalar numbers code lines in style attributes, which cannot
 * run anything.
 */
const policy = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Scalar's API reference of /openapi.json; it loads nothing from another server. */
export const docsPage: Handler = (context) => {
  const nonce = randomBytes(16).toString('base64')
  return context.html(
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}" nonce="${nonce}">
<title>Checkout gateway: API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/theme.css">
</head>
<body>
<noscript>This page needs JavaScript. The same description for machines: <a href="/openapi.json">/openapi.json</a>.</noscript>
<div id="reference"></div>
<script src="/docs/style-nonce.js"></script>
<script src="/docs/scalar.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`,
    200,
    { 'content-security-policy': policy(nonce) },
  )
}
