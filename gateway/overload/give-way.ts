import { ProblemError } from '../../backbone/problem.ts'

/** For who comes behind buyers: none of them queues, so there is no place to come back to. */
export const giveWay = (): ProblemError => new ProblemError('overloaded', { givesWay: true })
