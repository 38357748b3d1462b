import type { AuthenticationProviderArgs } from 'kafkajs'
import { expect, test, vi } from 'vitest'
import { oauthBearer } from './oauth-bearer.ts'

/** Answers what `answers` has, one after the other, as kafkajs does: with the length in front. */
function connect(answers: (string | Error)[]) {
  const sent: string[] = []
  const saslAuthenticate: AuthenticationProviderArgs['saslAuthenticate'] = async ({ request, response }) => {
    sent.push((await request.encode()).subarray(4).toString())
    const answer = answers.shift() ?? ''
    if (answer instanceof Error) throw answer
    const bytes = Buffer.from(answer)
    return response?.parse(
      await response.decode(Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes])),
    )
  }
  const discard = vi.fn<(value: string) => void>()
  const { authenticationProvider } = oauthBearer({ current: () => Promise.resolve('the.token'), discard })
  const connection = { host: 'kafka', port: 9092, saslAuthenticate } as AuthenticationProviderArgs
  return { sent, discard, authenticated: authenticationProvider(connection).authenticate() }
}

const FIRST = 'n,,\x01auth=Bearer the.token\x01\x01'

test('sends the token as RFC 7628 says; an empty answer is success', async () => {
  const { sent, discard, authenticated } = connect([''])
  await authenticated
  expect(sent).toEqual([FIRST])
  expect(discard).not.toHaveBeenCalled()
})

test('confirms an error with one byte, so that Kafka says the reason, and uses the token no more', async () => {
  const reason = new Error('{"status":"invalid_token"}')
  const { sent, discard, authenticated } = connect(['{"status":"invalid_token"}', reason])
  await expect(authenticated).rejects.toBe(reason)
  expect(discard).toHaveBeenCalledWith('the.token')
  expect(sent).toEqual([FIRST, '\x01'])
})

test('an error is never success', async () => {
  const { authenticated } = connect(['{"status":"invalid_token"}', ''])
  await expect(authenticated).rejects.toThrow('Kafka refused the token: {"status":"invalid_token"}')
})
