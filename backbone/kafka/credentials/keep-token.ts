/** A bearer token of the brokers. */
export interface Token {
  value: string
  /** Milliseconds since the epoch. */
  expiresAt: number
}

/** Why there is no token; waiting does not always solve it. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  /** The settings to look at. */
  readonly check: string

  /** `what`: a clause with subject and verb, without any secret. */
  constructor(what: string, check: string) {
    super(what)
    this.check = check
  }
}

export interface KeptToken {
  current: () => Promise<string>
  /** The brokers refused this token: it is not used again. */
  discard: (value: string) => void
}

// As Kafka's own clients: sasl.login.refresh.window.factor.
const USED_SHARE = 0.8

/**
 * One token for all connections. It is fetched again after 80 % of its lifetime; if that fails, it is used until it expires.
 * Rejects with what `fetchToken` rejects with.
 */
export function keepToken(fetchToken: () => Promise<Token>, now: () => number = Date.now): KeptToken {
  let token: Token | undefined
  let renewAt = 0
  let fetching: Promise<Token> | undefined

  async function renew(): Promise<Token> {
    const fetchedAt = now()
    const fetched = await fetchToken()
    renewAt = fetchedAt + (fetched.expiresAt - fetchedAt) * USED_SHARE
    token = fetched
    return fetched
  }

  return {
    async current() {
      if (token && now() < renewAt) return token.value
      fetching ??= renew().finally(() => {
        fetching = undefined
      })
      try {
        return (await fetching).value
      } catch (error) {
        if (token && now() < token.expiresAt) return token.value
        throw error
      }
    },
    discard(value) {
      if (token?.value === value) token = undefined
    },
  }
}
