export const scopes = ['write', 'read', 'personal', 'operate', 'all-owners'] as const

/**
 * Scopes of a credential: `write` checkouts, `read` outcomes, with `personal` data unmasked, `operate` the
 * system. `all-owners` extends what the others allow to read, and the dead letters that `operate` allows to
 * send again, to all owners.
 */
export type Scope = (typeof scopes)[number]

/** Owner of events that were sent without a key: before keys were configured, or directly to Kafka. */
export const ANONYMOUS = 'anonymous'

/** The client of a request, and its permissions. */
export interface Identity {
  /** Owner of its idempotency keys and events. */
  owner: string
  scopes: ReadonlySet<Scope>
  /** Whether it may read the events of every owner: if no keys are configured, and with `all-owners`. */
  readsAll: boolean
  /** The only customer whose events it may write and read; undefined: all customers. */
  customer: string | undefined
  /** Milliseconds since the epoch; undefined: valid until it is revoked. */
  expiresAt: number | undefined
  /** Aborts when its key is removed or changed. */
  revoked: AbortSignal
}

/** Every client, if no keys are configured: then only this machine can connect. */
export const anyone: Identity = {
  owner: ANONYMOUS,
  // Nobody granted it, and with it answers name the owner of each event: without keys there is only one.
  scopes: new Set(scopes.filter((scope) => scope !== 'all-owners')),
  readsAll: true,
  customer: undefined,
  expiresAt: undefined,
  revoked: new AbortController().signal,
}
