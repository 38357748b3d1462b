import type { ReportEvent } from '../backbone/figures/member-event.ts'
import type { RoleFigures } from '../backbone/figures/member-figures.ts'
import { watchCondition } from '../backbone/figures/watch-condition.ts'
import type { AnswerCounts } from './checkout/count-answers.ts'
import type { Admission } from './overload/admission.ts'
import type { Publisher } from './publish/publish-checkout.ts'
import type { ProcessorPool } from './results/processor-pool.ts'

interface FigureSources {
  answers: Pick<AnswerCounts, 'figures'>
  admission: Pick<Admission, 'load'>
  publisher: Pick<Publisher, 'waiting' | 'unanswered'>
  pool: Pick<ProcessorPool, 'states'>
}

export const gatewayFigures = ({ answers, admission, publisher, pool }: FigureSources): RoleFigures => ({
  role: 'gateway',
  gateway: {
    ...answers.figures(),
    ...admission.load(),
    waiting: publisher.waiting(),
    unanswered: publisher.unanswered(),
    processors: pool.states(),
  },
})

const OVERLOAD_ENDS_AFTER_S = 10

/**
 * Reports overload: it begins in a second in which a checkout was refused for lack of room, and ends after ten seconds
 * without. Call the result once a second.
 */
export function createOverloadWatch(
  report: ReportEvent,
  answers: Pick<AnswerCounts, 'overloaded'>,
  admission: Pick<Admission, 'load'>,
): () => void {
  let before = answers.overloaded()
  const update = watchCondition<number>({
    began: (refused) => report('overload-began', { refused, limit: admission.load().limit }),
    ended: () => report('overload-ended'),
    beginsAfter: 1,
    endsAfter: OVERLOAD_ENDS_AFTER_S,
  })
  return () => {
    const refused = answers.overloaded() - before
    before += refused
    update(refused > 0 ? refused : undefined)
  }
}
