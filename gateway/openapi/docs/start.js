// Runs in the browser, on the page /docs.
globalThis.Scalar.createApiReference('#reference', {
  url: '/openapi.json',
  // Nothing from elsewhere: no fonts, no telemetry, no assistant, no offers of Scalar's own services.
  withDefaultFonts: false,
  telemetry: false,
  showDeveloperTools: 'never',
  hideClientButton: true,
  agent: { disabled: true },
  mcp: { disabled: true },
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
})
