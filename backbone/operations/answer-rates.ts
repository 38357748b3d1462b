import type { AnsweredLane } from '../figures/member-figures.ts'
import type { SystemState } from './system-state.ts'

export type AnsweredPerSecond = NonNullable<SystemState['checkouts']>['perSecond']

/**
 * What an answer to a checkout means to the buyer. `refused`: a limit, overload or a failure of ours. `invalid`: something is
 * wrong with the request itself.
 */
export type AnswerKind = 'accepted' | 'refused' | 'invalid'

/** Beyond the limit of an address or a key. */
export const LIMITED = '429'

function kindOf(status: string): AnswerKind {
  if (Number(status) < 400) return 'accepted'
  return status === LIMITED || Number(status) >= 500 ? 'refused' : 'invalid'
}

const answersOfKind = (kind: AnswerKind, lane: AnsweredLane, perSecond: AnsweredPerSecond) =>
  Object.entries(perSecond[lane] ?? {}).filter(([status]) => kindOf(status) === kind)

/** Such answers per second in a lane. */
export const answerRate = (kind: AnswerKind, lane: AnsweredLane, perSecond: AnsweredPerSecond): number =>
  sum(answersOfKind(kind, lane, perSecond))

export interface LaneAnswers {
  accepted: number
  refused: number
  /** The most frequent status of the refusals. */
  status: string
}

/** Answers per second to purchases or to visits. A gateway treats a checkout of unknown lane like a purchase. */
export function answersOf(lane: 'purchase' | 'browse', perSecond: AnsweredPerSecond): LaneAnswers {
  const lanes: AnsweredLane[] = lane === 'purchase' ? ['purchase', 'unknown'] : ['browse']
  const refusals = lanes.flatMap((each) => answersOfKind('refused', each, perSecond))
  const [mostFrequent] = refusals.toSorted(([, a], [, b]) => b - a)
  return {
    accepted: answerRate('accepted', lane, perSecond),
    refused: sum(refusals),
    status: mostFrequent?.[0] ?? '',
  }
}

const sum = (answers: [string, number][]): number => answers.reduce((total, [, count]) => total + count, 0)
