import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import type { RequestIdEnv } from '../http/request-id.ts'
import type { Connection } from '../http/serve.ts'
import { ProblemError } from '../problem.ts'
import type { TraceEnv } from '../tracing/trace-requests.ts'
import { isSecretOf, splitKey } from './api-key.ts'
import { anyone, type Identity, type Scope } from './identity.ts'
import type { HeldKey, Keyring } from './keyring.ts'
import { SESSION_COOKIE } from './session-cookie.ts'
import { issuerOf, readToken } from './signed-token.ts'

/** The identity of the client, for the routes of an app. */
export interface AccessEnv {
  Bindings: Connection
  Variables: Requester & RequestIdEnv['Variables'] & TraceEnv['Variables']
}

interface Requester {
  identity: Identity
  /** The key of the credential, or the key that signed it; undefined if no keys are configured. */
  key: HeldKey | undefined
}

export interface Access {
  /** For routes that require a scope: 401 without a valid credential, 403 without the scope. */
  requires: (scope: Scope) => MiddlewareHandler<AccessEnv>
  /** For routes that require only a valid credential. */
  requiresAny: MiddlewareHandler<AccessEnv>
  /** Whether clients have keys. */
  hasKeys: boolean
}

/** Undefined: no keys are configured, and every client may do everything. */
export const createAccess = (keyring: Keyring | undefined): Access =>
  keyring === undefined ? openToAll : guardedBy(keyring)

const letAnyoneIn: MiddlewareHandler<AccessEnv> = (context, next) => {
  context.set('identity', anyone)
  return next()
}
const openToAll: Access = { requires: () => letAnyoneIn, requiresAny: letAnyoneIn, hasKeys: false }

function guardedBy(keyring: Keyring): Access {
  async function identify(context: Context<AccessEnv>): Promise<Identity> {
    const requester = await fromCredential(keyring, credentialOf(context))
    // Unknown, wrong, revoked or expired: the same text for all, so that it does not reveal which ids exist.
    if (requester === undefined) throw unauthenticated('The key, token or session is unknown or has expired')
    context.set('identity', requester.identity)
    context.set('key', requester.key)
    return requester.identity
  }

  return {
    requires: (scope) => async (context, next) => {
      const { scopes } = await identify(context)
      if (!scopes.has(scope)) throw forbidden(scope)
      return next()
    },
    requiresAny: async (context, next) => {
      await identify(context)
      return next()
    },
    hasKeys: true,
  }
}

const unauthenticated = (detail: string) =>
  new ProblemError('unauthenticated', { detail, headers: { 'www-authenticate': 'Bearer realm="checkout"' } })

const forbidden = (scope: Scope) =>
  new ProblemError('forbidden', {
    detail: `The scope ${scope} is required`,
    headers: { 'www-authenticate': `Bearer realm="checkout", error="insufficient_scope", scope="${scope}"` },
  })

/**
 * RFC 6750, section 2.1: never from the query, because logs and histories would keep it. The header takes
 * precedence over the cookie. Throws `unauthenticated`.
 */
function credentialOf(context: Context): string {
  const authorization = context.req.header('authorization')
  const credential =
    authorization === undefined
      ? getCookie(context, SESSION_COOKIE, 'host')
      : /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization)?.[1]
  if (credential !== undefined) return credential
  throw unauthenticated(
    authorization === undefined
      ? 'Send `Authorization: Bearer <key>` or a session'
      : 'The header `Authorization` must be `Bearer <key>`',
  )
}

async function fromCredential(keyring: Keyring, credential: string): Promise<Requester | undefined> {
  const parts = splitKey(credential)
  return parts ? fromKey(keyring, parts) : fromToken(keyring, credential)
}

function fromKey(keyring: Keyring, { id, secret }: { id: string; secret: string }) {
  const key = keyring.find(id)
  if (!isSecretOf(key?.hash, secret) || !key || hasExpired(key)) return undefined
  return { key, identity: identityOf(key) }
}

/**
 * A token grants no more than its key, and expires no later. One for a customer is always for one owner: with
 * another owner, the same id may be somebody else.
 */
async function fromToken(keyring: Keyring, token: string) {
  const key = keyring.find(issuerOf(token) ?? '')
  const grant = key && (await readToken(token, key.hash))
  if (!key || !grant || hasExpired(key)) return undefined
  const own = identityOf(key)
  const isGranted = (scope: Scope) =>
    own.scopes.has(scope) && (scope !== 'all-owners' || grant.customer === undefined)
  const granted = new Set([...grant.scopes].filter(isGranted))
  const identity: Identity = {
    ...own,
    scopes: granted,
    readsAll: granted.has('all-owners'),
    customer: grant.customer,
    expiresAt: Math.min(grant.expiresAt * 1_000, own.expiresAt ?? Number.POSITIVE_INFINITY),
  }
  return { key, identity }
}

const identityOf = ({ owner, scopes, expires, revoked }: HeldKey): Identity => ({
  owner,
  scopes: new Set(scopes),
  readsAll: scopes.includes('all-owners'),
  customer: undefined,
  expiresAt: expires === undefined ? undefined : Date.parse(expires),
  revoked,
})

const hasExpired = ({ expires }: HeldKey) => expires !== undefined && Date.parse(expires) <= Date.now()
