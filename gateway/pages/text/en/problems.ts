import { problems as ofApi, type ProblemCode, problemCodes } from '../../../../backbone/problem.ts'
import type { FaultCode } from '../../../../backbone/records/fault.ts'

const titles = Object.fromEntries(problemCodes.map((code) => [code, ofApi[code].title]))

/** Problems that the API answers with, in the viewer's language. The details of the API are English. */
export const problems = {
  titles: titles as Record<ProblemCode, string>,
  withDetail: (title: string, detail: string) => `${title}: ${detail}`,
  fault: (_: FaultCode, detail: string) => detail,
}
