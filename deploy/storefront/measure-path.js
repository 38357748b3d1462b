// For a store's pages: measures the path of a customer through the shop, over the page loads of a tab. No dependencies.
// Copy it, or serve it unchanged. Types and meanings are in measure-path.d.ts.

const ENTRY = 'checkout-path'
// Limits of the gateway, which must not refuse a purchase because of its path.
const MOST_STAGES = 50
const LONGEST_TEXT = 40
/** For a customer who is in no stage yet. */
const START = 'inicio'
/** The time while the page was hidden. */
const PAUSE = 'pausa'
// A browser restores the tabs of another day with their storage.
const FORGOTTEN_AFTER_MS = 24 * 3_600_000
const LEAST_MINUTES = 0.1

export function measurePath() {
  let kept
  let isUnloading = false

  /** Adds the time since the last change to where it was spent, then makes a change. */
  function update(change) {
    const now = Date.now()
    kept = load(kept, now)
    count(kept, now)
    change(kept)
    save(kept)
  }

  function look() {
    update((path) => (path.isHidden = isHidden()))
  }

  // A page that is unloaded becomes hidden after `pagehide` (HTML, "unload a document"). The customer
  // waits for the next page, or is at the bank: that belongs to the stage.
  addEventListener('pagehide', () => (isUnloading = true))
  addEventListener('pageshow', () => {
    isUnloading = false
    look()
  })
  document.addEventListener('visibilitychange', () => {
    if (!isUnloading) look()
  })
  look()

  return {
    enter(name) {
      const etapa = clean(name)
      update((path) => {
        const visit = currentVisit(path)
        if (etapa === '' || etapa === visit.etapa) return
        delete path.result
        if (visit.etapa === undefined) visit.etapa = etapa
        else begin(path, etapa)
      })
    },

    error(code) {
      const error = clean(code)
      update((path) => {
        if (error === '') return
        delete path.result
        const visit = currentVisit(path)
        visit.error = error
        begin(path, visit.etapa)
      })
    },

    result() {
      update((path) => (path.result ??= resultOf(path.visits)))
      return kept.result
    },

    end() {
      update((path) => Object.assign(path, newPath(path.at), { result: undefined }))
    },
  }
}

const isHidden = () => document.visibilityState === 'hidden'

/** `at` is when its times were last counted. */
const newPath = (at) => ({ visits: [{ ms: 0 }], at, isHidden: isHidden() })

/** The last visit to a stage; a pause of it may follow. */
const currentVisit = ({ visits }) => visits.findLast(({ isPause }) => !isPause)

function count(path, now) {
  const { visits, at } = path
  // A clock may be set back.
  const ms = Math.max(0, now - at)
  path.at = now
  if (!path.isHidden) {
    currentVisit(path).ms += ms
    return
  }
  // A page that was opened in a background tab has no customer yet.
  if (visits.every((visit) => visit.ms === 0)) return
  if (!visits.at(-1).isPause) visits.push({ ms: 0, isPause: true })
  visits.at(-1).ms += ms
}

function begin({ visits }, etapa) {
  visits.push({ etapa, ms: 0 })
  // With room for a pause.
  while (visits.length >= MOST_STAGES) mergeTwo(visits)
}

const isLike = (one) => (other) =>
  one.etapa === other.etapa && one.error === other.error && one.isPause === other.isPause

/** Keeps the sum of all times, and if possible those of each stage and error. */
function mergeTwo(visits) {
  // The current visit and a pause before it stay.
  const past = visits.slice(0, -2)
  const first = past.findIndex((visit, index) => past.slice(index + 1).some(isLike(visit)))
  if (first !== -1) {
    const second = past.findIndex((visit, index) => index > first && isLike(past[first])(visit))
    visits[first].ms += visits[second].ms
    visits.splice(second, 1)
    return
  }
  const withoutError = past.filter(({ error }) => error === undefined)
  const candidates = withoutError.length > 0 ? withoutError : past
  const shortest = candidates.reduce((least, visit) => (visit.ms < least.ms ? visit : least))
  const index = visits.indexOf(shortest)
  visits[index === 0 ? 1 : index - 1].ms += shortest.ms
  visits.splice(index, 1)
}

function resultOf(visits) {
  const ms = visits.reduce((sum, visit) => sum + visit.ms, 0)
  return {
    taps: Math.max(LEAST_MINUTES, Math.round(ms / 6_000) / 10),
    recorrido: visits.map((visit) => ({
      etapa: visit.isPause ? PAUSE : (visit.etapa ?? START),
      segundos: Math.round(visit.ms / 100) / 10,
      ...(visit.error === undefined ? {} : { error: visit.error }),
    })),
  }
}

/** As the gateway reads a text, so that it is neither empty nor too long there. */
function clean(text) {
  const visible = String(text)
    .replaceAll(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, ' ')
    .normalize('NFC')
    .trim()
  const limited = Array.from(visible).slice(0, LONGEST_TEXT).join('').trim()
  return /[\p{L}\p{N}\p{P}]/u.test(limited) ? limited : ''
}

/** Without storage a path lives as long as its page. */
function load(kept, now) {
  let path = kept
  try {
    path = JSON.parse(sessionStorage.getItem(ENTRY)) ?? kept
  } catch {}
  const isKnown = Array.isArray(path?.visits) && now - path.at < FORGOTTEN_AFTER_MS
  return isKnown ? path : newPath(now)
}

function save(path) {
  try {
    sessionStorage.setItem(ENTRY, JSON.stringify(path))
  } catch {}
}
