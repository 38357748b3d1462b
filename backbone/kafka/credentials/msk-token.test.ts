import { createHash, createHmac } from 'node:crypto'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fetchMskToken } from './msk-token.ts'

const SECRET = 'secret-of-tests'
const HOST = 'kafka.sa-east-1.amazonaws.com'

test('a token for MSK is a request to connect, signed for 15 minutes, in base64url', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRET)
  vi.stubEnv('AWS_SESSION_TOKEN', 'session/of+tests=')
  onTestFinished(() => void vi.unstubAllEnvs())

  const { value, expiresAt } = await fetchMskToken('sa-east-1')
  expect(value).toMatch(/^[\w-]+$/)
  const url = new URL(Buffer.from(value, 'base64url').toString())
  expect(`${url.origin}${url.pathname}`).toBe(`https://${HOST}/`)
  const {
    'X-Amz-Signature': signature,
    'User-Agent': agent,
    ...signed
  } = Object.fromEntries(url.searchParams)
  const date = signed['X-Amz-Date'] ?? ''
  const scope = `${date.slice(0, 8)}/sa-east-1/kafka-cluster/aws4_request`
  expect(signed).toEqual({
    Action: 'kafka-cluster:Connect',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `AKIDEXAMPLE/${scope}`,
    'X-Amz-Date': expect.stringMatching(/^\d{8}T\d{6}Z$/) as string,
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': 'session/of+tests=',
    'X-Amz-SignedHeaders': 'host',
  })
  expect(agent).toMatch(/^aws-msk-iam-sasl-signer-js/)
  expect(signature).toBe(signatureOf(signed, scope))
  expect(expiresAt).toBe(timeOf(date) + 900_000)
})

/** AWS Signature Version 4, query parameters: computed here by its documentation. */
function signatureOf(signed: Record<string, string>, scope: string): string {
  const query = Object.keys(signed)
    .toSorted()
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(signed[name] ?? '')}`)
    .join('&')
  const canonical = ['GET', '/', query, `host:${HOST}`, '', 'host', sha256('')].join('\n')
  const text = ['AWS4-HMAC-SHA256', signed['X-Amz-Date'], scope, sha256(canonical)].join('\n')
  const key = scope
    .split('/')
    .reduce<string | Buffer>((last, part) => hmac(last, part).digest(), `AWS4${SECRET}`)
  return hmac(key, text).digest('hex')
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text)
const timeOf = (date: string) => Date.parse(date.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'))

test('without credentials, the reason is said', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'])
    vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent')
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent')
  onTestFinished(() => void vi.unstubAllEnvs())
  await expect(fetchMskToken('sa-east-1')).rejects.toThrow('There are no usable AWS credentials')
})
