import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import cyberday from '../../loadgen/scenarios/cyberday.ts'
import { parseValid } from '../../test/parse-valid.ts'

interface Script {
  options: { scenarios: Record<string, object>; thresholds: Record<string, string[]> }
  default: () => void
}

const posted: { url: string; body: string; headers: Record<string, string> }[] = []
let iterationInTest = 0

// The modules of k6: the test reads what the script passes to them, and does not run k6.
vi.mock('k6', () => ({ check: () => true }))
vi.mock('k6/execution', () => ({
  default: {
    scenario: {
      get iterationInTest() {
        return iterationInTest++
      },
    },
  },
}))
vi.mock('k6/http', () => ({
  default: {
    post(url: string, body: string, { headers }: { headers: Record<string, string> }) {
      posted.push({ url, body, headers })
      return { status: 202 }
    },
  },
}))

async function load(environment: Record<string, string>): Promise<Script> {
  vi.resetModules()
  vi.stubGlobal('__ENV', environment)
  // @ts-expect-error It is JavaScript, for k6.
  return await import('./cyberday.js')
}

const milliseconds = (duration: string) =>
  Number(duration.replace(/(\d+)(ms|s)/, (_, n, unit) => String(Number(n) * (unit === 's' ? 1_000 : 1))))

beforeEach(() => {
  posted.length = 0
})
afterAll(() => void vi.unstubAllGlobals())

test('its rates, stages and thresholds are those of our cyberday', async () => {
  const { options } = await load({})
  const ours = cyberday.scenarios.shoppers
  expect(options.scenarios['shoppers']).toMatchObject({
    executor: ours.executor,
    startRate: ours.startRate,
    preAllocatedVUs: ours.preAllocatedVUs,
    maxVUs: ours.maxVUs,
    stages: ours.stages.map(({ duration, target }) => ({ duration: `${milliseconds(duration)}ms`, target })),
  })
  const { notification_delay: _onlyOurs, ...shared } = cyberday.thresholds
  expect(options.thresholds).toEqual(shared)
})

test('it sends valid checkouts, each with its own key', async () => {
  const script = await load({ TARGET: 'http://shop.example' })
  for (let n = 0; n < 500; n++) script.default()
  expect(new Set(posted.map(({ headers }) => headers['Idempotency-Key'])).size).toBe(500)
  for (const { url, body, headers } of posted) {
    expect(url).toBe('http://shop.example/checkout')
    expect(headers['Content-Type']).toBe('application/json')
    expect(headers['Idempotency-Key']).toMatch(/^"[\x21\x23-\x7e]+"$/)
    const { checkout, corrections } = parseValid(JSON.parse(body))
    expect(corrections).toEqual([])
    expect(checkout.folio !== null).toBe((checkout.taps ?? 0) > 0)
  }
})
