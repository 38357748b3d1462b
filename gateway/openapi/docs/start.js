// Runs in the browser, on the page /docs.
globalThis.Scalar.createApiReference('#reference', {
  url: '/openapi.json',
  // Nothing from other servers: no fonts, no telemetry, no assistant, no advertising of Scalar's services.
  withDefaultFonts: false,
  telemetry: false,
  showDeveloperTools: 'never',
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
})
