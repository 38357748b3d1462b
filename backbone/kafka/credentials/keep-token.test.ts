import { expect, test, vi } from 'vitest'
import { keepToken, TokenError } from './keep-token.ts'

function createTokens(lifetimeMs: number) {
  let time = 1_000
  const fetchToken = vi.fn<() => Promise<{ value: string; expiresAt: number }>>()
  fetchToken.mockImplementation(() =>
    Promise.resolve({ value: `token-${fetchToken.mock.calls.length}`, expiresAt: time + lifetimeMs }),
  )
  return {
    ...keepToken(fetchToken, () => time),
    fetchToken,
    passTime: (ms: number) => {
      time += ms
    },
  }
}

test('all connections share one token', async () => {
  const { current, fetchToken } = createTokens(100)
  expect(await Promise.all([current(), current()])).toEqual(['token-1', 'token-1'])
  expect(await current()).toBe('token-1')
  expect(fetchToken).toHaveBeenCalledOnce()
})

test('a token is fetched again after 80 % of its lifetime, not before', async () => {
  const { current, passTime } = createTokens(100)
  await current()
  passTime(79)
  expect(await current()).toBe('token-1')
  passTime(1)
  expect(await current()).toBe('token-2')
})

test('a refused token is fetched again at once, and another one is kept', async () => {
  const { current, discard } = createTokens(100)
  await current()
  discard('token-0')
  expect(await current()).toBe('token-1')
  discard('token-1')
  expect(await current()).toBe('token-2')
})

test('while no new token comes, the old one is used until it expires', async () => {
  const { current, fetchToken, passTime } = createTokens(100)
  await current()
  const failure = new TokenError('The token endpoint is down', 'KAFKA_OAUTH_TOKEN_URL')
  fetchToken.mockRejectedValueOnce(failure).mockRejectedValueOnce(failure)
  passTime(99)
  expect(await current()).toBe('token-1')
  passTime(1)
  await expect(current()).rejects.toBe(failure)
  expect(await current()).toBe('token-4')
})
