import { describe, expect, test } from 'vitest'
import { type ProblemCode, ProblemError, problemResponse, problems, toProblem } from './problem.ts'

const codes = Object.keys(problems) as ProblemCode[]

test.each(codes)('%s is answered as RFC 9457 has it', async (code) => {
  const response = problemResponse(new ProblemError(code))
  const { status, title } = problems[code]
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(await response.json()).toEqual({ type: `urn:problem-type:checkout:${code}`, title, status })
})

test.each(codes)('%s says when to come back if that helps, and only then', (code) => {
  const retryAfter = problemResponse(new ProblemError(code)).headers.get('retry-after')
  expect(retryAfter ?? 'never').toMatch(problems[code].status === 503 ? /^[123]$/ : /^never$/)
})

test('requests rejected together get different retry times', () => {
  const told = Array.from({ length: 200 }, () =>
    problemResponse(new ProblemError('overloaded')).headers.get('retry-after'),
  )
  expect(new Set(told)).toEqual(new Set(['1', '2', '3']))
})

test('carries the detail and every fault', async () => {
  const errors = [
    { pointer: '/taps', code: 'range', detail: 'must be at least 0' },
    { pointer: '', code: 'type', detail: 'must be an object' },
  ] as const
  const response = problemResponse(new ProblemError('invalid-checkout', { detail: 'Two faults', errors }))
  expect(await response.json()).toMatchObject({ detail: 'Two faults', errors })
})

test('adds headers, and lets them overrule its own', () => {
  const headers = { allow: 'POST', 'retry-after': '30' }
  const response = problemResponse(new ProblemError('overloaded', { headers }))
  expect(response.headers.get('allow')).toBe('POST')
  expect(response.headers.get('retry-after')).toBe('30')
})

describe('toProblem', () => {
  test('leaves a problem as it is', () => {
    const problem = new ProblemError('draining')
    expect(toProblem(problem)).toBe(problem)
  })

  test.each([new Error('connect ECONNREFUSED 10.0.0.7:9092'), 'a string', undefined])(
    'tells a client nothing of %s',
    async (error) => {
      const body = await problemResponse(toProblem(error)).text()
      expect(JSON.parse(body)).toEqual({
        type: 'urn:problem-type:checkout:internal',
        title: problems.internal.title,
        status: 500,
      })
    },
  )
})
