const MOST_BINS = 2_880
const MINUTE_MS = 60_000
// A later change must be much more likely than none to say that it is over.
const EVIDENCE_OF_THE_END = 6
const LEVEL = 0.05

/** One purchase among which something could happen, and whether it did. */
export interface Trial {
  at: number
  hit: boolean
}

export interface Span {
  /** Milliseconds since the epoch, a whole minute. */
  from: number
  /** Undefined: it still lasts. */
  until: number | undefined
}

/**
 * The minutes in which a share was raised, by the greatest binomial log-likelihood ratio of all intervals: the temporal
 * scan statistic of Kulldorff, "A spatial scan statistic", Communications in Statistics 26 (1997); for intervals that
 * reach the end it is the change point of Hinkley and Hinkley, Biometrika 57 (1970). Undefined if none is unlikely.
 */
export function findRaisedSpan(trials: readonly Trial[], from: number, until: number): Span | undefined {
  const step = MINUTE_MS * Math.max(1, Math.ceil((until - from) / MINUTE_MS / MOST_BINS))
  const first = Math.floor(from / step) * step
  const { of, hits } = sumUp(trials, first, step, Math.ceil((until - first) / step))
  const bins = of.length - 1
  const all = { of: of[bins] ?? 0, hits: hits[bins] ?? 0 }
  let best = { ratio: 0, start: 0, end: bins }
  let lasting = best
  for (let start = 0; start < bins; start++) {
    if (hits[start + 1] === hits[start]) continue
    for (let end = start + 1; end <= bins; end++) {
      if (end < bins && hits[end] === hits[end - 1]) continue
      const inside = { of: difference(of, start, end), hits: difference(hits, start, end) }
      const ratio = logLikelihoodRatio(inside, all)
      if (ratio > best.ratio) best = { ratio, start, end }
      if (end === bins && ratio > lasting.ratio) lasting = { ratio, start, end }
    }
  }
  const { ratio, start, end } = best.ratio - lasting.ratio > EVIDENCE_OF_THE_END ? best : lasting
  // As many intervals as there may be, each with the bound of tail-bound.ts.
  if (ratio < Math.log((bins * (bins + 1)) / 2 / LEVEL) || start === 0) return undefined
  return { from: first + start * step, until: end === bins ? undefined : first + end * step }
}

interface Share {
  of: number
  hits: number
}

/** Running sums, with a leading 0. */
function sumUp(trials: readonly Trial[], first: number, step: number, bins: number) {
  const [of, hits] = [new Uint32Array(bins + 1), new Uint32Array(bins + 1)]
  for (const { at, hit } of trials) {
    const bin = Math.floor((at - first) / step)
    if (bin < 0 || bin >= bins) continue
    of[bin + 1] = (of[bin + 1] ?? 0) + 1
    if (hit) hits[bin + 1] = (hits[bin + 1] ?? 0) + 1
  }
  for (let bin = 1; bin <= bins; bin++) {
    of[bin] = (of[bin] ?? 0) + (of[bin - 1] ?? 0)
    hits[bin] = (hits[bin] ?? 0) + (hits[bin - 1] ?? 0)
  }
  return { of, hits }
}

const difference = (sums: Uint32Array, start: number, end: number) => (sums[end] ?? 0) - (sums[start] ?? 0)

function logLikelihoodRatio(inside: Share, all: Share): number {
  const outside = { of: all.of - inside.of, hits: all.hits - inside.hits }
  if (inside.of === 0 || inside.hits / inside.of <= all.hits / all.of) return 0
  return logLikelihood(inside) + logLikelihood(outside) - logLikelihood(all)
}

function logLikelihood({ of, hits }: Share): number {
  if (hits === 0 || hits === of) return 0
  return hits * Math.log(hits / of) + (of - hits) * Math.log(1 - hits / of)
}
