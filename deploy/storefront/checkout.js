// For a store's page: sends a checkout until it is stored, once, however often it is refused and the page reloaded.
// No dependencies. Copy it, or serve it as it is.

const PREFIX = 'checkout/'
const ANSWER_WITHIN_MS = 15_000
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000
const JITTER = 0.25
// Said of a purchase, and of a visit without one (RFC 9218): browsers are refused before buyers.
const URGENT = 'u=1'
const PATIENT = 'u=5'
/** What may succeed when it is sent again; every other answer is for good. */
const SENT_AGAIN = new Set([408, 429, 500, 502, 503, 504])

/**
 * @typedef {object} Options
 * @property {string} [url] of the gateway; the page's own origin by default
 * @property {Storage} [storage] where it is kept until it is stored; `localStorage` outlives a closed tab
 * @property {number} [waitSeconds] how long to wait for the outcome, too; up to 30
 * @property {(waiting: { attempts: number, pauseMs: number, keepsPlace: boolean }) => void} [onWait]
 *   told each time before it is sent again: time to say "you keep your place"
 * @property {AbortSignal} [signal] stops sending; it is kept, and can be resumed
 */

/** The gateway has refused it for good: `problem` says why (RFC 9457). It is no longer kept. */
export class CheckoutRefused extends Error {
  /** @param {number} status @param {object} problem */
  constructor(status, problem) {
    super(`the checkout was refused: ${status}`)
    this.name = 'CheckoutRefused'
    this.status = status
    this.problem = problem
  }
}

/**
 * Sends a checkout until it is stored. The purchase is the store's name for it, the id of a cart: called again with the
 * same one, in another tab or after a reload, it is the same purchase.
 *
 * @param {string} purchase
 * @param {object} checkout
 * @param {Options} [options]
 * @returns {Promise<object>} the gateway's answer: `eventId`, and with `waitSeconds` the `outcome` if it came in time
 */
export function sendCheckout(purchase, checkout, options = {}) {
  const storage = options.storage ?? localStorage
  const known = read(storage, purchase)
  const body = JSON.stringify(checkout)
  // Another body is another purchase, and needs another key.
  const entry = known?.body === body ? known : { key: crypto.randomUUID(), body }
  write(storage, purchase, entry)
  return deliver(purchase, entry, storage, options)
}

/**
 * Goes on with what an earlier page could not finish.
 *
 * @param {Options} [options]
 * @returns {Map<string, Promise<object>>} by purchase
 */
export function resumeCheckouts(options = {}) {
  const storage = options.storage ?? localStorage
  const purchases = Object.keys(storage)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length))
  return new Map(
    purchases.flatMap((purchase) => {
      const entry = read(storage, purchase)
      return entry ? [[purchase, deliver(purchase, entry, storage, options)]] : []
    }),
  )
}

async function deliver(purchase, entry, storage, options) {
  const { onWait, signal } = options
  for (let attempts = 1; ; attempts++) {
    signal?.throwIfAborted()
    const response = await post(entry, options).catch(() => undefined)
    signal?.throwIfAborted()
    if (response?.ok) {
      const answer = await response.json()
      storage.removeItem(PREFIX + purchase)
      return answer
    }
    if (response && !SENT_AGAIN.has(response.status)) {
      storage.removeItem(PREFIX + purchase)
      throw new CheckoutRefused(response.status, await response.json().catch(() => ({})))
    }
    const place = response?.headers.get('checkout-place')
    if (place) {
      entry = { ...entry, place }
      write(storage, purchase, entry)
    }
    const pauseMs = pauseAfter(attempts, Number(response?.headers.get('retry-after') ?? 0))
    onWait?.({ attempts, pauseMs, keepsPlace: entry.place !== undefined })
    await pause(pauseMs, signal)
  }
}

function post({ key, body, place }, { url = '', waitSeconds = 0, signal }) {
  const { taps, folio } = JSON.parse(body)
  const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS + waitSeconds * 1_000)
  return fetch(`${url}/checkout`, {
    method: 'POST',
    body,
    // Closing the tab does not take back what is on its way.
    keepalive: true,
    credentials: 'include',
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      priority: taps || folio ? URGENT : PATIENT,
      ...(place === undefined ? {} : { 'checkout-place': place }),
      ...(waitSeconds > 0 ? { prefer: `wait=${waitSeconds}` } : {}),
    },
  })
}

/** As long as the gateway asks for, else longer each time; never in step with others. */
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

function read(storage, purchase) {
  try {
    const entry = JSON.parse(storage.getItem(PREFIX + purchase) ?? 'null')
    return typeof entry?.key === 'string' && typeof entry.body === 'string' ? entry : undefined
  } catch {
    return undefined
  }
}

function write(storage, purchase, entry) {
  // A full or forbidden storage costs the place after a reload, not the purchase.
  try {
    storage.setItem(PREFIX + purchase, JSON.stringify(entry))
  } catch {}
}
