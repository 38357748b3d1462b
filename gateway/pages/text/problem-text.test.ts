import { describe, expect, test } from 'vitest'
import { type ProblemCode, problemCodes, problems, problemType } from '../../../backbone/problem.ts'
import { type FaultCode, faultCodes } from '../../../backbone/records/fault.ts'
import { problemText } from './problem-text.ts'
import { textsOf } from './texts.ts'

describe('problems', () => {
  const problem = (code: ProblemCode, detail?: string) => ({
    type: problemType(code),
    title: problems[code].title,
    ...(detail === undefined ? {} : { detail }),
  })

  test.each(problemCodes)('%s is written in Spanish, with the detail of the API', (code) => {
    const spanish = problemText(textsOf('es'), problem(code))
    expect(spanish).toMatch(/^\p{Lu}/u)
    expect(spanish).not.toBe(problems[code].title)
    expect(problemText(textsOf('es'), problem(code, 'limit must be 1 to 500'))).toBe(
      `${spanish}. Detalle en inglés: limit must be 1 to 500`,
    )
    expect(problemText(textsOf('en'), problem(code))).toBe(problems[code].title)
  })

  test.each(Object.keys(faultCodes) as FaultCode[])('the fault %s of a field, too', (code) => {
    expect(textsOf('es').problems.fault(code, 'must be text')).toMatch(/^\p{Lu}.* \(must be text\)$/u)
    expect(textsOf('en').problems.fault(code, 'must be text')).toBe('must be text')
  })

  test('one that is not of the API keeps its title', () => {
    expect(problemText(textsOf('es'), { type: 'about:blank', title: 'HTTP 502 Bad Gateway' })).toBe(
      'HTTP 502 Bad Gateway',
    )
  })
})
