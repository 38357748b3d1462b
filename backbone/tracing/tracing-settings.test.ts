import { expect, test } from 'vitest'
import { z } from 'zod'
import { readSettings, SettingsError } from '../process/settings.ts'
import { tracesUrl, tracingSettings } from './tracing-settings.ts'

const schema = z.object(tracingSettings)
const read = (environment: NodeJS.ProcessEnv) => readSettings(schema, environment)
const endpoint = 'http://collector:4318'

test.each([
  [{}, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, `${endpoint}/v1/traces`],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: `${endpoint}/otlp/` }, `${endpoint}/otlp/v1/traces`],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/in' }, 'https://traces.example/in'],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example' },
    'https://traces.example/',
  ],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'true' }, undefined],
])('with %j traces are sent to %s', (environment, url) => {
  expect(tracesUrl(read(environment))).toBe(url)
})

test('headers and attributes are percent-encoded pairs', () => {
  const settings = read({
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a%3Db%2Cc, x-team=shop=1,',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=prod',
  })
  expect(settings.OTEL_EXPORTER_OTLP_HEADERS).toEqual({ authorization: 'Bearer a=b,c', 'x-team': 'shop=1' })
  expect(settings.OTEL_RESOURCE_ATTRIBUTES).toEqual({ 'deployment.environment.name': 'prod' })
})

test.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://user:geheim@collector'],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'grpc://collector'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'geheim'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'a=%geheim'],
  ['OTEL_EXPORTER_OTLP_HEADERS', '=geheim'],
  ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.01'],
  ['OTEL_TRACES_SAMPLER_ARG', '-0.01'],
  ['OTEL_TRACES_SAMPLER_ARG', 'all'],
  ['OTEL_SDK_DISABLED', 'yes'],
])('%s=%s is a fault that does not repeat the value', (name, value) => {
  const fault = (() => {
    try {
      return JSON.stringify(read({ [name]: value }))
    } catch (error) {
      return error instanceof SettingsError ? error.message : undefined
    }
  })()
  expect(fault).toContain(`${name}: must be `)
  expect(fault).not.toContain('geheim')
})

test.each(['0', '0.01', '1'])('the share %s is allowed', (share) => {
  expect(read({ OTEL_TRACES_SAMPLER_ARG: share }).OTEL_TRACES_SAMPLER_ARG).toBe(Number(share))
})
