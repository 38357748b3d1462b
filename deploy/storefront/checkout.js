// For a store's page: sends a checkout until it is stored, exactly once, over rejections and page reloads. No
// dependencies. Copy it, or serve it unchanged. Types and options are in checkout.d.ts.

const PREFIX = 'checkout/'
const ANSWER_WITHIN_MS = 15_000
/** onWait is called after each such time without an answer. */
const SILENCE_MS = 10_000
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000
const JITTER = 0.25
// Priorities of purchases and visits (RFC 9218): visits are rejected before purchases.
const URGENT = 'u=1'
const PATIENT = 'u=5'
// A customer may return to a "thank you" page for this long.
const KNOWN_FOR_MS = 24 * 3_600_000
/** With a problem that explains it: a retry would be rejected again. */
const REFUSED_FOR_GOOD = new Set([400, 413, 415, 422])

const mayPass = (status) => status === 408 || status === 429 || status >= 500

/**
 * The gateway rejected the checkout: `problem` has the reason (RFC 9457). If `kept` is true, it can be sent
 * again by another call or by `resumeCheckouts` after the cause is fixed; usually an expired session.
 */
export class CheckoutRefused extends Error {
  constructor(status, problem, kept) {
    super(`the checkout was refused: ${status}`)
    this.name = 'CheckoutRefused'
    this.status = status
    this.problem = problem
    this.kept = kept
  }
}

/**
 * Sends a checkout until it is stored. `purchase` is the store's name for it, such as the id of a cart: a
 * later call with the same name and the same checkout is the same purchase, also in another tab, after a
 * reload or after it was stored. So create the checkout once: with another number of minutes it is another
 * purchase. Resolves with the gateway's answer: `eventId`, and with `waitSeconds` the `outcome` if it arrived
 * in time.
 */
export async function sendCheckout(purchase, checkout, options = {}) {
  const storage = storageOf(options)
  const body = JSON.stringify(checkout)
  // Saves and sends without waiting first: a double click is one purchase, and a customer who leaves the page
  // has sent it. Only a checkout that may already be stored is looked up first.
  const digest = read(storage, purchase)?.storedAt === undefined ? undefined : await digestOf(body)
  const known = read(storage, purchase)
  const isKnown =
    known !== undefined && (known.body === body || (digest !== undefined && known.digest === digest))
  const entry = isKnown ? { key: known.key, place: known.place, body } : { key: crypto.randomUUID(), body }
  write(storage, purchase, entry)
  return deliver(purchase, entry, storage, options)
}

/** Resumes the checkouts that an earlier page could not finish, by purchase. */
export function resumeCheckouts(options = {}) {
  const storage = storageOf(options)
  const purchases = Array.from({ length: storage.length }, (_, index) => storage.key(index))
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length))
  return new Map(
    purchases.flatMap((purchase) => {
      const entry = read(storage, purchase)
      if (entry?.storedAt < Date.now() - KNOWN_FOR_MS) storage.removeItem(PREFIX + purchase)
      return entry?.body ? [[purchase, deliver(purchase, entry, storage, options)]] : []
    }),
  )
}

async function deliver(purchase, entry, storage, options) {
  const { signal } = options
  const waiting = createWaiting(options)
  try {
    for (let attempts = 1; ; attempts++) {
      signal?.throwIfAborted()
      waiting.sending(attempts, entry.place)
      const response = await post(entry, options).catch(() => undefined)
      // An incomplete answer does not count.
      const answer = response?.ok ? await response.json().catch(() => undefined) : undefined
      signal?.throwIfAborted()
      // Another checkout may use the name by now; then the saved one is not this one.
      const isKept = () => read(storage, purchase)?.key === entry.key
      if (answer) {
        // Customer data is no longer needed, only a digest that recognises a repetition.
        const digest = await digestOf(entry.body)
        if (isKept()) write(storage, purchase, { key: entry.key, digest, storedAt: Date.now() })
        return answer
      }
      const refused = response && !response.ok ? response : undefined
      if (refused && !mayPass(refused.status)) {
        throw await refusal(refused, () => isKept() && storage.removeItem(PREFIX + purchase))
      }
      const place = refused?.headers.get('checkout-place')
      if (place) {
        entry = { ...entry, place }
        if (isKept()) write(storage, purchase, entry)
      }
      const pauseMs = pauseAfter(attempts, Number(refused?.headers.get('retry-after') ?? 0))
      waiting.pausing(refused, entry.place, pauseMs)
      await pause(pauseMs, signal)
    }
  } finally {
    waiting.end()
  }
}

/** Tells the page why it waits: before each pause, and while nothing answers. */
function createWaiting({ onWait = () => {}, waitSeconds = 0 }) {
  let state = {}
  let resumesAt = 0
  /** When the first unanswered request was sent. */
  let silentSince
  let timer

  function notify(reason, status) {
    const now = performance.now()
    const silentMs = Math.ceil(now - (silentSince ?? now))
    onWait({ ...state, pauseMs: Math.max(0, resumesAt - now), reason, status, silentMs })
  }
  function end() {
    clearInterval(timer)
    silentSince = undefined
  }

  return {
    sending(attempts, place) {
      state = { attempts, keepsPlace: place !== undefined }
      resumesAt = 0
      if (silentSince !== undefined) return
      silentSince = performance.now()
      // A gateway that waits for the outcome sends nothing in between.
      timer = setInterval(notify, SILENCE_MS + waitSeconds * 1_000, 'unreachable')
    },
    pausing(refused, place, pauseMs) {
      state.keepsPlace = place !== undefined
      resumesAt = performance.now() + pauseMs
      if (refused) end()
      notify(reasonOf(refused), refused?.status)
    },
    end,
  }
}

function reasonOf(refused) {
  if (!refused) return 'unreachable'
  const { status, headers } = refused
  return (status === 429 || status === 503) && headers.has('retry-after') ? 'overloaded' : 'refused'
}

/**
 * A firewall or proxy in between rejects without a problem of the gateway: that is no verdict on the
 * checkout.
 */
async function refusal(response, forget) {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false
  const kept = !isProblem || !REFUSED_FOR_GOOD.has(response.status)
  if (!kept) forget()
  return new CheckoutRefused(response.status, await response.json().catch(() => ({})), kept)
}

function post({ key, body, place }, { url = '', waitSeconds = 0, signal, traceparent }) {
  const { taps, folio } = JSON.parse(body)
  const isPurchase = Boolean(taps || folio)
  // RFC 7240: a purchase must not be lost because of a fault in its contact data.
  const preferences = [
    ...(isPurchase ? ['handling=lenient'] : []),
    ...(waitSeconds > 0 ? [`wait=${waitSeconds}`] : []),
  ]
  const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS + waitSeconds * 1_000)
  return fetch(`${url}/checkout`, {
    method: 'POST',
    body,
    keepalive: true, // Closing the tab does not cancel the request.
    credentials: 'include',
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      priority: isPurchase ? URGENT : PATIENT,
      ...(place === undefined ? {} : { 'checkout-place': place }),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(preferences.length > 0 ? { prefer: preferences.join(', ') } : {}),
    },
  })
}

/** As long as the gateway asks for, otherwise longer each time; jittered. */
function pauseAfter(attempts, retryAfterSeconds) {
  const asked = retryAfterSeconds > 0 ? retryAfterSeconds * 1_000 : 0
  const grown = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1))
  return (asked || grown) * (1 + Math.random() * JITTER)
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}

async function digestOf(text) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Lives as long as the page; implements the used part of `Storage`. */
const inPage = {
  entries: new Map(),
  get length() {
    return this.entries.size
  },
  key(index) {
    return [...this.entries.keys()][index]
  },
  getItem(name) {
    return this.entries.get(name) ?? null
  },
  setItem(name, value) {
    this.entries.set(name, value)
  },
  removeItem(name) {
    this.entries.delete(name)
  },
}

/** Browsers that block storage throw, or have none. */
function storageOf({ storage }) {
  try {
    return storage ?? localStorage ?? inPage
  } catch {
    return inPage
  }
}

function read(storage, purchase) {
  try {
    const entry = JSON.parse(storage.getItem(PREFIX + purchase) ?? 'null')
    return typeof entry?.key === 'string' ? entry : undefined
  } catch {
    return undefined
  }
}

function write(storage, purchase, entry) {
  // A full storage prevents resuming after a reload, but does not lose the purchase.
  try {
    storage.setItem(PREFIX + purchase, JSON.stringify(entry))
  } catch {}
}
