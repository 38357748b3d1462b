export const scopes = ['write', 'read', 'personal', 'operate'] as const

/**
 * What a credential allows: `write` checkouts, `read` what became of them with `personal` data in clear, `operate` the
 * system.
 */
export type Scope = (typeof scopes)[number]

/** Whose events those are that came without a key: before there were any, or past the gateways. */
export const ANONYMOUS = 'anonymous'

/** On whose behalf a request is made, and what it may do. */
export interface Identity {
  /** Its idempotency keys and its events are its own. */
  owner: string
  scopes: ReadonlySet<Scope>
  /** Whether it is shown every owner's events: only where there are no keys. */
  readsAll: boolean
  /** The only customer whose events it may write and read; undefined: all. */
  customer: string | undefined
  /** Milliseconds since the epoch; undefined: it ends only when it is revoked. */
  expiresAt: number | undefined
  /** Aborts when its key is removed or changed. */
  revoked: AbortSignal
}

/** Everyone, where there are no keys: then nobody but this machine can ask. */
export const anyone: Identity = {
  owner: ANONYMOUS,
  scopes: new Set(scopes),
  readsAll: true,
  customer: undefined,
  expiresAt: undefined,
  revoked: new AbortController().signal,
}
