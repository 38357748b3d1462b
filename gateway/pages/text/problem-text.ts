import { type Problem, problemCodes, problemType } from '../../../backbone/problem.ts'
import type { Texts } from './texts.ts'

/** A problem as a sentence in the viewer's language. One that is not of the API, such as a proxy's, keeps its own title. */
export function problemText(
  { problems }: Pick<Texts, 'problems'>,
  { type, title, detail }: Pick<Problem, 'type' | 'title' | 'detail'>,
): string {
  const code = problemCodes.find((known) => problemType(known) === type)
  const own = code === undefined ? title : problems.titles[code]
  return detail === undefined ? own : problems.withDetail(own, detail)
}
