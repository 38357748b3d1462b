import { expect, test } from 'vitest'
import { createLoadTest } from './load-test.ts'
import { readOptions } from './options/options.ts'
import { formatSummary } from './report/format-summary.ts'
import type { Metrics, RunResult } from './run-result.ts'
import { type Misbehaviour, startTarget } from './test-target.ts'
import { verdictOf } from './verdict.ts'

const seed = Math.floor(Math.random() * 2 ** 32)
console.log(`seed of the random shoppers: ${seed}`)

const never = new AbortController().signal
const patience = { withoutOutcomeMs: 500, forDuplicatesMs: 200 }
async function optionsFor(target: string, args: string[]) {
  const command = await readOptions(['--target', target, '--seed', String(seed), ...args])
  if (command.kind !== 'load') throw new Error(`it is ${command.kind}`)
  return command.options
}

/** 200 shoppers within a second unless the arguments override it. */
async function load(
  misbehaviour: Misbehaviour,
  args: string[] = ['--rate', '200', '--duration', '1s'],
  { stopSending = never, whileRunning = (_running: ReturnType<typeof createLoadTest>) => {} } = {},
) {
  const target = startTarget(misbehaviour)
  const loadTest = createLoadTest(await optionsFor(target.url, args), patience)
  const running = loadTest.run(stopSending, never)
  whileRunning(loadTest)
  try {
    const result = await running
    const metrics = result.metrics as unknown as Metrics
    return { result, metrics, target, outcomes: result.load.outcomes }
  } finally {
    await target.stop()
  }
}

const right = { accepted: 200, single: 200, lost: 0, duplicated: 0, wrongKind: 0, wrongText: 0, lookedUp: 0 }
const failuresOf = (result: RunResult) => verdictOf(result).failures

test.concurrent('a target that behaves passes', async () => {
  const { result, metrics, outcomes } = await load({})
  expect(outcomes).toMatchObject(right)
  expect(metrics).toMatchObject({
    http_reqs: { count: 200, rate: 200 },
    accepted: { count: 200 },
    dropped_iterations: { count: 0 },
    lost: { count: 0 },
  })
  expect(result.load.unanswered).toBe(0)
  // The target writes its outcomes 20 ms after it answers.
  expect(metrics.notification_delay_from_post.med).toBeGreaterThan(18)
  expect(metrics.notification_delay.min).toBeGreaterThanOrEqual(metrics.notification_delay_from_post.min)
  expect(verdictOf(result)).toEqual({ exitCode: 0, failures: [] })
})

test.concurrent('a finished thread does not stop the time of the others', async () => {
  // Four seconds with slow requests, after one of two threads has ended with its only VU.
  let until = 0
  const stall = async () => {
    until ||= Date.now() + 4_000
    if (Date.now() < until) await Bun.sleep(400)
  }
  const { result } = await load(
    { stall },
    '--executor ramping-vus --vus 2 --stage 1s:1 --stage 4s:1 --workers 2'
      .split(' ')
      .concat('--threshold', 'http_req_duration:p(50)<100 over 2s'),
  )
  expect(result.load.thresholds).toMatchObject([{ ok: false }])
  expect(result.load.timeline.length).toBeGreaterThanOrEqual(5)
})

test.concurrent.each<[string, Misbehaviour, object]>([
  ['loses one', { outcomes: (o, n) => (n === 7 ? [] : [o]) }, { single: 199, lost: 1 }],
  ['doubles one', { repeatAfter: (n) => (n === 7 ? 0 : undefined) }, { single: 199, duplicated: 1 }],
  [
    'doubles the last, late',
    { repeatAfter: (n) => (n === 199 ? 120 : undefined) },
    { single: 199, duplicated: 1 },
  ],
  [
    'sends a wrong text',
    { outcomes: (o) => [{ ...o, message: o.message?.replace('Saludos.', 'Saludos') ?? null }] },
    { wrongText: expect.toSatisfy((count: number) => count > 80) },
  ],
  [
    'says nothing to anyone',
    { outcomes: (o) => [{ ...o, kind: 'none', message: null }] },
    { wrongKind: expect.toSatisfy((count: number) => count > 80) },
  ],
])('a target that %s fails', async (_, misbehaviour, counts) => {
  const { result, metrics, outcomes } = await load(misbehaviour)
  expect(outcomes).toMatchObject({ ...right, ...counts })
  expect(verdictOf(result)).toEqual({
    exitCode: 1,
    failures: ['not every accepted checkout has exactly one correct outcome'],
  })
  expect(metrics.lost.count).toBe(outcomes?.lost)
  expect(metrics.duplicated.count).toBe(outcomes?.duplicated)
  expect(metrics.wrong.count).toBe((outcomes?.wrongKind ?? 0) + (outcomes?.wrongText ?? 0))
})

test.concurrent('outcomes may arrive before the answer, and the stream may contain other events', async () => {
  const foreign: Misbehaviour = { early: true, outcomes: (o, n) => [{ ...o, eventId: `foreign-${n}` }, o] }
  expect((await load(foreign)).outcomes).toMatchObject(right)
})

test.concurrent('outcomes missing on the stream are looked up before they count as lost', async () => {
  const { result, outcomes } = await load({ hide: (n) => n % 50 === 0 })
  expect(outcomes).toMatchObject({ ...right, lookedUp: 4 })
  expect(formatSummary(result)).toMatch(/not on the stream\.+: 4/)
})

test.concurrent('a stream that is cut again and again is resumed without loss or repetition', async () => {
  const { outcomes, target } = await load({ cutAfter: 15 })
  expect(outcomes).toMatchObject(right)
  expect(target.streams()).toBeGreaterThan(10)
  expect(outcomes?.stream.reconnects).toBeGreaterThan(10)
})

test.concurrent('refusals are counted by status and are no failure', async () => {
  const { result, metrics, outcomes } = await load({ refuse: (n) => (n % 10 === 0 ? 503 : undefined) })
  expect(result.load.failures).toEqual({ '503': 20 })
  expect(metrics.http_req_failed).toEqual({ passes: 20, fails: 180, value: 0.1 })
  expect(outcomes).toMatchObject({ ...right, accepted: 180, single: 180 })
  expect(failuresOf(result)).toEqual([])
})

test.concurrent('when nothing is accepted, that is said', async () => {
  const { result } = await load({ refuse: () => 503 }, ['--rate', '200', '--duration', '1s', '--no-verify'])
  expect(failuresOf(result)).toEqual(['nothing was accepted'])
})

test.concurrent('without verification nothing follows the stream', async () => {
  const args = ['--rate', '200', '--duration', '1s', '--no-verify']
  const { result, target, outcomes } = await load({ outcomes: () => [] }, args)
  expect(target.streams()).toBe(0)
  expect(outcomes).toBeUndefined()
  expect(failuresOf(result)).toEqual([])
})

/** A target that stalls all its answers once, for a second, this many ms after the first. */
function stallOnce(fromMs: number): Misbehaviour {
  let firstAt: number | undefined
  return {
    async stall() {
      const at = performance.now()
      firstAt ??= at
      const stallsFrom = firstAt + fromMs
      if (at >= stallsFrom && at < stallsFrom + 1_000) await Bun.sleep(stallsFrom + 1_000 - at)
    },
  }
}

test.concurrent('a stall of the target shows in the latency of all requests during it', async () => {
  const args = ['--rate', '200', '--duration', '4s', '--no-verify']
  const { metrics, result } = await load(stallOnce(1_000), args)
  // A quarter of all requests arrived during the stall.
  expect(metrics).toMatchObject({ http_reqs: { count: 800 }, dropped_iterations: { count: 0 } })
  expect(metrics.http_req_duration['p(99)']).toBeGreaterThan(900)
  expect(metrics.http_req_duration['p(90)']).toBeGreaterThan(500)
  expect(metrics.http_req_duration.med).toBeLessThan(100)
  // Everything that was due was sent, also without answers.
  const [, ...seconds] = result.load.timeline.filter(({ at }) => at < 2.9)
  for (const { sent } of seconds) expect(sent).toBeGreaterThan(120)
})

test.concurrent('a window is judged by late answers, too, and a short run is one window', async () => {
  const run = async (misbehaviour: Misbehaviour, duration: string, ...expressions: string[]) => {
    const thresholds = expressions.flatMap((expression) => ['--threshold', expression])
    const args = ['--rate', '100', '--duration', duration, '--no-verify']
    return (await load(misbehaviour, args.concat(thresholds))).result.load.thresholds
  }
  const late = await run(
    stallOnce(1_500),
    '2s',
    'http_req_duration:max<400 over 1s',
    'http_reqs:rate>20 over 1s',
  )
  expect(late.map(({ ok }) => ok)).toEqual([false, true])
  const short = await run(
    {},
    '400ms',
    'http_req_duration:p(99)<20000 over 10s',
    'http_reqs:count==40 over 10s',
  )
  expect(short).toMatchObject([{ ok: true }, { ok: true, actual: 40 }])
})

test.concurrent('the closed model hides that stall: each client is delayed once', async () => {
  const { metrics } = await load(stallOnce(1_000), ['--vus', '2', '--duration', '4s', '--no-verify'])
  expect(metrics.http_req_duration.max).toBeGreaterThan(900)
  expect(metrics.http_req_duration['p(99)']).toBeLessThan(500)
})

test.concurrent('checkouts beyond the concurrency limit are dropped and reported', async () => {
  const args = ['--rate', '200', '--duration', '4s', '--max-vus', '20', '--no-verify']
  const { metrics } = await load(stallOnce(1_000), args)
  expect(metrics.http_reqs.count + metrics.dropped_iterations.count).toBe(800)
  // 200 were due within the second, 20 of them could wait.
  expect(metrics.dropped_iterations.count).toBeGreaterThan(150)
})

test.concurrent('retries have the same key, and are one checkout', async () => {
  const keys = new Map<string, number>()
  const { metrics, outcomes } = await load(
    {
      seen: (key) => keys.set(key, (keys.get(key) ?? 0) + 1),
      refuse: (n) => (n % 4 === 0 ? 503 : undefined),
    },
    ['--rate', '100', '--duration', '1s', '--attempts', '20'],
  )
  expect(outcomes).toMatchObject({ accepted: 100, single: 100, lost: 0 })
  expect(keys.size).toBe(100)
  expect(metrics.iterations.count).toBe(100)
  expect(metrics.http_reqs.count).toBe(keys.values().reduce((sum, times) => sum + times, 0))
  expect(metrics.retries.count).toBe(metrics.http_reqs.count - 100)
  expect(metrics.retries.count).toBeGreaterThan(20)
})

test.concurrent('final answers are not retried', async () => {
  const { metrics } = await load({ refuse: () => 422 }, [
    '--rate',
    '50',
    '--duration',
    '1s',
    '--attempts',
    '5',
  ])
  expect(metrics.http_reqs.count).toBe(50)
})

test.concurrent('VUs come and go by their stages, and think', async () => {
  const args = ['--vus', '2', '--duration', '2s', '--think-time', '100ms']
  const { metrics } = await load({}, args)
  // Each VU at most every 100 ms, and almost as often.
  expect(metrics.iterations.count).toBeGreaterThan(20)
  expect(metrics.iterations.count).toBeLessThanOrEqual(40)
  const ramp = await load({}, [
    '--executor',
    'ramping-vus',
    '--stage',
    '1s:10',
    '--stage',
    '1s:10',
    '--think-time',
    '100ms',
  ])
  expect(ramp.result.load.stages.map(({ name }) => name)).toEqual(['1: 1s 0 → 10 VUs', '2: 1s at 10 VUs'])
  const [first, second] = ramp.result.load.stages.map(({ metrics: stage }) => stage.iterations.count)
  expect(second).toBeGreaterThan(first ?? 0)
})

test.concurrent('several threads together send the same as one', async () => {
  const sent = async (workers: string) => {
    const collected: string[] = []
    await load({ received: (body) => collected.push(body) }, [
      '--rate',
      '200',
      '--duration',
      '1s',
      '--no-verify',
      '--workers',
      workers,
    ])
    return collected
  }
  const [one, three] = [await sent('1'), await sent('3')]
  // Not as sets: a returning visitor may send the same body twice.
  expect(one).toHaveLength(200)
  expect(three.toSorted()).toEqual(one.toSorted())
})

test.concurrent('the rate can be changed while it runs', async () => {
  const { result, metrics } = await load({}, ['--rate', '100', '--duration', '3s', '--no-verify'], {
    whileRunning({ progress, changeRate }) {
      const timer = setInterval(() => {
        if (progress().elapsedMs < 1_000 || progress().phase !== 'sending') return
        clearInterval(timer)
        changeRate(3)
      }, 10)
    },
  })
  const [change] = result.load.rateChanges
  expect(change).toEqual({ at: expect.toSatisfy((at: number) => at > 1 && at < 2), factor: 3 })
  const due = 100 * (change?.at ?? 0) + 300 * (3 - (change?.at ?? 0))
  expect(metrics.http_reqs.count).toBeGreaterThanOrEqual(Math.floor(due) - 1)
  expect(metrics.http_reqs.count).toBeLessThanOrEqual(Math.ceil(due) + 1)
})

test.concurrent('a threshold with abortOnFail ends the run', async ({ onTestFinished }) => {
  const target = startTarget({ refuse: (n) => (n > 50 ? 500 : undefined) })
  onTestFinished(() => target.stop())
  const args = ['--rate', '50', '--duration', '1m', '--no-verify', '--threshold', 'http_req_failed:rate<0.2']
  const options = await optionsFor(target.url, args)
  const thresholds = options.thresholds.map((threshold) => ({ ...threshold, abortOnFail: true }))
  const result = await createLoadTest({ ...options, thresholds }, patience).run(never, never)
  expect(result.load.endedEarly).toBe('threshold broken: http_req_failed rate<0.2')
  expect(result.load.seconds).toBeLessThan(20)
  expect(verdictOf(result)).toEqual({
    exitCode: 99,
    failures: ['threshold broken: http_req_failed rate<0.2'],
  })
})

test.concurrent('stopped early, it still follows what was accepted', async () => {
  const stopping = new AbortController()
  const { result, outcomes } = await load({}, ['--rate', '200', '--duration', '1m'], {
    stopSending: stopping.signal,
    whileRunning({ progress }) {
      const timer = setInterval(() => {
        if (progress().phase !== 'sending' || progress().elapsedMs < 1_000) return
        clearInterval(timer)
        stopping.abort()
      }, 10)
    },
  })
  expect(result.load.endedEarly).toBe('interrupted')
  expect(result.load.seconds).toBeLessThan(5)
  expect(outcomes?.accepted).toBeGreaterThan(20)
  expect(outcomes?.single).toBe(outcomes?.accepted)
})

test.concurrent('an unreachable target is one clear error', async () => {
  const options = await optionsFor('http://127.0.0.1:9', ['--rate', '1', '--duration', '1s'])
  await expect(createLoadTest(options).run(never, never)).rejects.toThrow('connection refused')
})

test.concurrent('a target without a stream is one clear error', async ({ onTestFinished }) => {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('', { status: 404 }) })
  onTestFinished(() => server.stop(true))
  const options = await optionsFor(`http://127.0.0.1:${server.port}`, ['--rate', '1', '--duration', '1s'])
  await expect(createLoadTest(options).run(never, never)).rejects.toThrow(
    'stream of notifications: status 404; if the target has no stream, use --no-verify',
  )
})
