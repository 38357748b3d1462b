import { type AnsweredPerSecond, answersOf, type LaneAnswers, LIMITED } from './answer-rates.ts'
import type { Condition } from './find-conditions.ts'
import { isInactive, type MemberState } from './system-state.ts'

const NO_BUYER_FOR_MS = 30_000
/** Remembers whether the last purchases were refused: between two buyers nobody knows more. */
export function createRefusedCheckouts() {
  let isRefusing = false
  let refusedAt = Number.NEGATIVE_INFINITY
  let last: LaneAnswers = { accepted: 0, refused: 0, status: '' }

  function update(purchases: LaneAnswers, now: number) {
    // A limit refuses what is beyond it, never all.
    const fails = purchases.refused > 0 && purchases.status !== LIMITED
    if (fails) {
      last = purchases
      refusedAt = now
    }
    if (purchases.accepted > 0 || now - refusedAt > NO_BUYER_FOR_MS) isRefusing = false
    else if (fails) isRefusing = true
  }

  return (
    perSecond: AnsweredPerSecond,
    members: readonly MemberState[],
    isStable: boolean,
    now: number,
  ): Condition[] => {
    const purchases = answersOf('purchase', perSecond)
    const visits = answersOf('browse', perSecond)
    update(purchases, now)
    const gateways = members.filter(({ role }) => role === 'gateway')
    const allLost = isStable && gateways.length > 0 && gateways.every(isInactive)
    return [
      ...(isRefusing || allLost ? [buyersRefused(last, allLost ? gateways : [])] : []),
      ...(!isRefusing && purchases.refused > 0 ? [someRefused(purchases)] : []),
      ...(visits.refused > 0 ? [visitsRefused(visits)] : []),
    ]
  }
}

function buyersRefused({ refused, status }: LaneAnswers, lost: readonly MemberState[]): Condition {
  const base = { key: 'buyers-refused', code: 'buyers-refused', level: 'bad' } as const
  if (lost.length === 0) return { ...base, details: { perSecond: round(refused), status } }
  return { ...base, details: { gateways: lost.length }, since: Math.max(...lost.map(({ since }) => since)) }
}

const someRefused = ({ accepted, refused, status }: LaneAnswers): Condition => ({
  key: 'some-purchases-refused',
  code: 'some-purchases-refused',
  level: status === LIMITED ? 'warn' : 'bad',
  details: { perSecond: round(refused), percent: round((100 * refused) / (accepted + refused)), status },
})

const visitsRefused = ({ accepted, refused, status }: LaneAnswers): Condition => ({
  key: 'visits-refused',
  code: 'visits-refused',
  level: 'warn',
  details: { perSecond: round(refused), percent: round((100 * refused) / (accepted + refused)), status },
})

const round = (number: number): number => (number < 10 ? Math.round(number * 10) / 10 : Math.round(number))
