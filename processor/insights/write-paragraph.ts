import type { SlowCause, StageOfAll } from '../../backbone/insights/slow-purchases.ts'
import type { Facts } from './facts.ts'
import { LEAST_SLOW } from './find-causes.ts'
import type { StoreTime } from './store-time.ts'

/** The sentences of one language. */
export interface Sentences {
  summary: (facts: Facts, time: StoreTime) => string
  tooFew: string
  noCause: string
  cause: (cause: SlowCause, facts: Facts, time: StoreTime) => string
  /** The stage that takes the extra time of all slow purchases. */
  stage: (stage: StageOfAll) => string
  stageOfCause: (stage: StageOfAll) => string
  mayBeUsual: string
  sample: (sampled: NonNullable<Facts['sampled']>) => string
}

/** Which sentences follow from the facts, the same ones in each language. `overall`: the stage of all slow purchases. */
export function writeParagraph(
  sentences: Sentences,
  facts: Facts,
  overall: StageOfAll | null,
  time: StoreTime,
): string {
  const written = [sentences.summary(facts, time)]
  if (facts.purchases.slow > 0) {
    if (facts.purchases.slow < LEAST_SLOW) written.push(sentences.tooFew)
    else if (facts.causes.length > 0) written.push(...causesIn(sentences, facts, time))
    else written.push(sentences.noCause, ...(overall ? [sentences.stage(overall)] : []))
    if (facts.sampled) written.push(sentences.sample(facts.sampled))
  }
  return written.join(' ')
}

const causesIn = (sentences: Sentences, facts: Facts, time: StoreTime): string[] =>
  facts.causes.flatMap((cause) => [
    sentences.cause(cause, facts, time),
    ...(cause.stage ? [sentences.stageOfCause(cause.stage)] : []),
    ...(cause.isComparedWithBefore ? [] : [sentences.mayBeUsual]),
  ])
