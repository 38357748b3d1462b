import { generateMersenne53Randomizer } from '@faker-js/faker'
import { describe, expect, test } from 'vitest'
import { createLatencyBuckets } from '../figures/latency-buckets.ts'
import type { MemberFigures } from '../figures/member-figures.ts'
import { gateway, processor, simulate } from './testing/simulate.ts'

const answering = (accepted: number) => ({
  gateway: { answers: { purchase: { 202: accepted } } },
})

test('rates are those of the last five seconds of all members, also when records are late or lost', () => {
  const system = simulate()
  const { checkouts, outcomes } = system.run(20, (second) => {
    system.publish(processor('processor-1', {}, { processor: { outcomes: { quick: second * 30 } } }))
    system.publish(gateway('gateway-1', answering(second * 100)))
    if (second !== 17 && second !== 18) system.publish(gateway('gateway-2', answering(second * 50)))
  })
  expect(checkouts?.perSecond).toEqual({ purchase: { 202: 150 } })
  expect(outcomes?.perSecond).toEqual({ quick: 30 })
})

test('a system of one gateway and one processor does as much as these two', () => {
  const random = generateMersenne53Randomizer(7)
  const system = simulate()
  const times = createLatencyBuckets()
  let accepted = 0
  const { checkouts, outcomes, members } = system.run(12, () => {
    accepted += Math.floor(random.next() * 97)
    for (let i = 0; i < 30; i++) times.record(random.next() * 400)
    const own = { answers: { purchase: { 202: accepted } }, latency: { purchase: times.buckets() } }
    system.publish(gateway('gateway-1', { gateway: own }))
    system.publish(processor('processor-1', {}, { processor: { outcomes: { quick: accepted } } }))
  })
  const [one, other] = members
  expect(one?.gateway).toMatchObject({
    perSecond: checkouts?.perSecond.purchase?.['202'],
    p99: checkouts?.latencyMs.purchase?.p99,
  })
  expect(other?.processor?.perSecond).toBe(outcomes?.perSecond.quick)
})

test('what nobody reports is unknown, not 0', () => {
  const system = simulate()
  const rates = () => {
    const { checkouts, outcomes, streams } = system.state()
    const { purchases, refusedVisits, outcomes: classified, lagSeconds } = system.tick().point
    return [checkouts === null, outcomes === null, streams, purchases, refusedVisits, classified, lagSeconds]
  }
  const processors = () => {
    system.ends({ 0: 0 })
    system.publish(processor('processor-1', { 0: 0 }))
  }
  const both = () => {
    system.publish(gateway())
    processors()
  }
  system.run(10, both)
  expect(rates()).toEqual([false, false, 0, 0, 0, 0, 0])
  // All gateways are silent.
  system.run(4, processors)
  expect(rates()).toEqual([true, false, 0, null, null, 0, 0])
  // No figures arrive: this process knows only its own.
  const own = () => {
    system.model.kafkaFails(system.at(system.seconds()))
    system.model.take(
      { ...processor('processor-1', { 0: 0 }), at: system.at(system.seconds()) },
      system.at(system.seconds()),
    )
  }
  system.run(8, own)
  expect(rates()).toEqual([true, true, null, null, null, null, null])
  expect(system.state().partitions).toMatchObject([
    { owner: null, lastOwner: 'processor-1', records: null, seconds: null, clearedIn: null },
  ])
  expect(system.state().lag).toEqual({ records: null, seconds: null, clearedIn: null })
  system.model.kafkaAnswers(null)
  system.run(4, both)
  expect(rates()).toEqual([false, false, 0, 0, 0, 0, 0])
})

test('every process says the same about when a member started, and a wrong clock is corrected', () => {
  const startsOf = (late: number, wrongBy = 0) => {
    const system = simulate()
    system.run(5)
    const now = system.at(5)
    const startedAt = now - 2_000 + wrongBy
    system.model.takeFromTopic({ ...gateway(), at: now + wrongBy, startedAt }, now + late)
    return (system.run(1).members[0]?.startedAt ?? 0) - now
  }
  expect([startsOf(0), startsOf(700)]).toEqual([-2_000, -2_000])
  expect(startsOf(0, 3_600_000)).toBe(-2_000)
})

test('a member that is silent counts no longer', () => {
  const system = simulate()
  const both = (second: number) => {
    system.publish(gateway('gateway-1', answering(second * 100)))
    if (second <= 10) system.publish(gateway('gateway-2', answering(second * 50)))
  }
  expect(system.run(13, both).checkouts?.perSecond).toEqual({ purchase: { 202: 150 } })
  expect(system.run(1, both).checkouts?.perSecond).toEqual({ purchase: { 202: 100 } })
})

test('quantiles are those of the last ten seconds, by lane', () => {
  const system = simulate()
  const buckets = createLatencyBuckets()
  const { checkouts } = system.run(30, (second) => {
    for (let i = 0; i < 100; i++) buckets.record(second <= 15 ? 500 : 10)
    system.publish(gateway('gateway-1', { gateway: { latency: { purchase: buckets.buckets() } } }))
  })
  expect(checkouts?.latencyMs.purchase?.p50).toBeCloseTo(10, 0)
  expect(checkouts?.latencyMs.purchase?.p99).toBeCloseTo(10, 0)
  expect(checkouts?.latencyMs.browse).toBeUndefined()
})

describe('members', () => {
  test('one is silent after three seconds without a record, and is listed for ten minutes', () => {
    const system = simulate()
    system.publish(gateway())
    system.run(3)
    expect(system.state().members).toMatchObject([{ member: 'gateway-1', status: 'ok' }])
    system.run(1)
    expect(system.state().members).toMatchObject([
      { status: 'silent', since: system.at(0), lastAt: system.at(0) },
    ])
    expect(system.run(596).members).toHaveLength(1)
    expect(system.run(1).members).toEqual([])
  })

  test('one that has said that it stops is listed for a minute', () => {
    const system = simulate()
    system.publish(gateway())
    system.run(1)
    system.publish(gateway('gateway-1', { ends: true }))
    expect(system.run(60).members).toMatchObject([{ status: 'stopped', since: system.at(1) }])
    expect(system.run(1).members).toEqual([])
  })

  test('a newer run replaces the older one at once', () => {
    const system = simulate()
    system.publish(gateway())
    system.run(1)
    const restarted = { ...gateway(), run: 'second', startedAt: system.at(1) }
    system.publish(restarted)
    expect(system.run(1).members).toMatchObject([{ run: 'second', status: 'ok' }])
    expect(system.run(1).members).toHaveLength(1)
  })

  test('two of one name are both listed while both run, and the one that is lost is missed', () => {
    const system = simulate()
    const first = () => system.publish(gateway())
    const second = () => system.publish({ ...gateway(), run: 'second', startedAt: system.at(1) })
    system.run(1, first)
    const both = () => {
      first()
      second()
    }
    expect(system.run(10, both).members).toHaveLength(1)
    expect(system.run(10, both).members).toMatchObject([{ status: 'ok' }, { run: 'second', status: 'ok' }])
    expect(system.run(5, second).members).toMatchObject([
      { status: 'silent' },
      { run: 'second', status: 'ok' },
    ])
    expect(system.verdict('member-silent')?.details).toMatchObject({ member: 'gateway-1' })
  })

  test('one starts until it is ready for the first time; later it is not ready', () => {
    const system = simulate()
    const claiming = [
      { check: 'partitions', detail: 'partitions are being claimed', status: 'fail' as const },
    ]
    system.run(1, () => system.publish(processor('processor-1', {}, { faults: claiming })))
    expect(system.state().members[0]?.status).toBe('starting')
    system.run(1, () => system.publish(processor()))
    expect(system.state().members[0]?.status).toBe('ok')
    system.run(1, () => system.publish(processor('processor-1', {}, { faults: claiming })))
    expect(system.state().members[0]).toMatchObject({ status: 'not-ready', since: system.at(3) })
  })

  test('nobody is silent for a time in which this process itself was frozen', () => {
    const system = simulate()
    system.run(2, () => system.publish(gateway()))
    const frozenMs = 30_000
    const { state } = system.model.tick(system.at(2) + frozenMs)
    expect(state.members[0]?.status).toBe('ok')
    expect(state.verdicts.map(({ code }) => code)).not.toContain('member-silent')
  })

  test('after a freeze, nobody is late before this process has read what it has missed', () => {
    const system = simulate()
    const load = (second: number) => {
      system.ends({ 0: second * 100, 1: second * 100 })
      system.publish(gateway('gateway-1', answering(second * 10)))
    }
    const positions = (second: number) => {
      system.publish(processor('processor-1', { 0: second * 100 }))
      system.publish(processor('processor-2', { 1: second * 100 }))
    }
    system.run(10, (second) => {
      load(second)
      positions(second)
    })
    system.freeze(20)
    // Kafka tells the ends at once; the records of the time arrive later, the oldest first.
    const missed = (second: number) => {
      load(second)
      for (const each of [processor('processor-1', { 0: 1_200 }), processor('processor-2', { 1: 1_200 })])
        system.model.takeFromTopic({ ...each, at: system.at(12) }, system.at(second))
    }
    const codes = new Set<string>()
    system.run(4, (second) => {
      missed(second)
      system.model.kafkaFails(system.at(11))
    })
    for (const code of system.codes()) codes.add(code)
    expect(system.state().lag).toEqual({ records: null, seconds: null, clearedIn: null })
    system.run(4, (second) => {
      load(second)
      positions(second)
      system.model.kafkaAnswers(null)
      for (const code of system.codes()) codes.add(code)
    })
    expect(codes).not.toContain('catching-up')
    expect(codes).not.toContain('lag-grows')
    expect(codes).not.toContain('kafka-unavailable')
    expect(system.codes()).toEqual(['buyers-get-through'])
    expect(system.state().lag).toEqual({ records: 0, seconds: 0, clearedIn: 0 })
  })

  test('after a freeze, lags are known again after eight seconds also without its own figures', () => {
    const system = simulate()
    const late = (second: number) => {
      system.ends({ 0: second * 100 })
      system.publish(gateway())
      system.publish(processor('processor-2', { 0: 0 }))
    }
    system.run(10, late)
    system.freeze(20)
    system.run(3, late)
    expect(system.state().lag.records).toBeNull()
    system.run(9, late)
    expect(system.state().lag.records).toBeGreaterThan(3_000)
    expect(system.codes()).toContain('lag-grows')
  })

  test('clocks may be wrong: what counts is when a record arrives', () => {
    const system = simulate()
    const slow = { ...gateway(), startedAt: gateway().startedAt - 3_600_000 }
    const { members, checkouts } = system.run(10, (second) =>
      system.model.takeFromTopic(
        {
          ...slow,
          ...answering(0),
          gateway: gateway('gateway-1', answering(second * 10)).gateway,
          at: slow.startedAt + second * 1_000,
        },
        system.at(second),
      ),
    )
    expect(members[0]?.status).toBe('ok')
    expect(checkouts?.perSecond).toEqual({ purchase: { 202: 10 } })
  })
})

describe('totals', () => {
  test('are the sums of all runs, whatever is lost, repeated, late or restarted', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const randomizer = generateMersenne53Randomizer(seed)
      const next = () => randomizer.next()
      const system = simulate()
      const expected = { 202: 0, 503: 0 }
      let quick = 0
      for (const member of ['gateway-1', 'gateway-2']) {
        for (let run = 0; run < 3; run++) {
          const records = recordsOf(member, run, next, system.at(run * 20))
          const last = records.at(-1)
          const delivered = records.filter((record) => record === last || next() < 0.6)
          for (const record of delivered.flatMap((each) => (next() < 0.3 ? [each, each] : [each])))
            system.model.takeFromTopic(record, record.at)
          // A repetition from before, as after a consumer has joined its group again.
          if (delivered[0]) system.model.takeFromTopic(delivered[0], system.at(70))
          expected[202] += last?.gateway?.answers.purchase?.['202'] ?? 0
          expected[503] += last?.gateway?.answers.purchase?.['503'] ?? 0
          quick += last?.processor?.outcomes.quick ?? 0
        }
      }
      const { totals } = system.run(1)
      expect({ seed, totals }).toEqual({
        seed,
        totals: { answers: { purchase: expected }, outcomes: { quick } },
      })
    }
  })

  test('do not count a run again that comes back after it was no longer listed', () => {
    const system = simulate()
    system.publish(gateway('gateway-1', answering(100)))
    expect(system.run(1_000).members).toEqual([])
    system.publish(gateway('gateway-1', answering(103)))
    expect(system.run(1)).toMatchObject({
      members: [{ status: 'ok' }],
      totals: { answers: { purchase: { 202: 103 } } },
    })
  })

  test('do not count what a member did before its figures were followed', () => {
    const system = simulate()
    const old = { ...gateway('gateway-1', answering(1_000)), startedAt: system.at(-60) }
    system.publish(old)
    system.run(1)
    system.publish({ ...old, ...gateway('gateway-1', answering(1_007)), startedAt: system.at(-60) })
    expect(system.run(1).totals.answers).toEqual({ purchase: { 202: 7 } })
  })
})

/** Figures of one run; it has both roles for brevity. */
function recordsOf(member: string, run: number, next: () => number, startedAt: number): MemberFigures[] {
  let [accepted, refused, quick] = [0, 0, 0]
  return Array.from({ length: 12 }, (_, second) => {
    accepted += 1 + Math.floor(next() * 100)
    refused += 1 + Math.floor(next() * 5)
    quick += 1 + Math.floor(next() * 50)
    const { processor: classified } = processor('', {}, { processor: { outcomes: { quick } } })
    return {
      ...gateway(member, { gateway: { answers: { purchase: { 202: accepted, 503: refused } } } }),
      processor: classified,
      run: `${member}-${run}`,
      startedAt,
      at: startedAt + (second + 1) * 1_000,
    }
  })
}

describe('lag', () => {
  test('a healthy owner has none, although its figures are older than the ends of the log', () => {
    const system = simulate()
    const { partitions, lag } = system.run(20, (second) => {
      system.ends({ 0: second * 1_000 })
      system.publish(processor('processor-1', { 0: second * 1_000 - 20 }))
    })
    expect(partitions).toMatchObject([
      { owner: 'processor-1', records: 20, seconds: 0, trend: 'none', clearedIn: 0 },
    ])
    expect(lag).toEqual({ records: 20, seconds: 0, clearedIn: 0 })
  })

  test('a frozen owner falls behind by a second each second; its successor continues from there', () => {
    const system = simulate()
    const load = (second: number) => {
      system.ends({ 0: second * 100 })
      system.publish(gateway())
    }
    system.run(10, (second) => {
      load(second)
      system.publish(processor('processor-1', { 0: second * 100 }))
    })
    system.run(10, load)
    const [frozen] = system.state().partitions
    expect(frozen).toMatchObject({ owner: null, lastOwner: 'processor-1', records: 1_000, trend: 'grows' })
    expect(frozen?.seconds).toBeCloseTo(9, 0)
    expect(system.state().lag.clearedIn).toBeNull()

    system.run(1, (second) => {
      load(second)
      system.publish(processor('processor-2', { 0: 1_100 }))
    })
    expect(system.state().partitions).toMatchObject([{ owner: 'processor-2', records: 1_000 }])
    // A frozen owner does not take the partition back by falling silent later.
    system.run(5, load)
    expect(system.state().partitions).toMatchObject([{ owner: null, lastOwner: 'processor-2' }])
  })

  test('the slowest partition decides when the lag is cleared', () => {
    const system = simulate()
    system.ends({ 0: 10_000, 1: 10_000 })
    const { partitions, lag } = system.run(20, (second) => {
      system.ends({ 0: 10_000, 1: 10_000 })
      system.publish(processor('processor-1', { 0: second * 400, 1: second * 100 }))
    })
    expect(partitions.map(({ trend, clearedIn }) => ({ trend, clearedIn }))).toEqual([
      { trend: 'shrinks', clearedIn: 5 },
      { trend: 'shrinks', clearedIn: 80 },
    ])
    expect(lag).toEqual({ records: 2_000 + 8_000, seconds: 20, clearedIn: 80 })
  })

  test('a recreated log begins again', () => {
    const system = simulate()
    system.run(5, () => {
      system.ends({ 0: 5_000 })
      system.publish(processor('processor-1', { 0: 5_000 }))
    })
    system.run(5, () => {
      system.ends({ 0: 10 })
      system.publish(processor('processor-1', { 0: 10 }))
    })
    expect(system.state().lag).toEqual({ records: 0, seconds: 0, clearedIn: 0 })
  })

  test('ends of the past tell the age of a backlog that nobody saw grow', () => {
    const system = simulate()
    system.model.sampleEnds(system.at(-600), new Map([[0, 50]]))
    system.model.sampleEnds(system.at(-300), new Map([[0, 150]]))
    system.run(2, () => {
      system.ends({ 0: 200 })
      system.publish(processor('processor-1', { 0: 100 }))
    })
    expect(system.state().partitions).toMatchObject([{ records: 100, seconds: 302 }])
  })
})

describe('history', () => {
  test('has a point for each second of the last fifteen minutes', () => {
    const system = simulate()
    system.run(1_000, (second) => system.publish(gateway('gateway-1', answering(second * 10))))
    const { points } = system.model.history()
    expect(points).toHaveLength(900)
    expect(points.at(-1)).toMatchObject({ at: system.at(1_000), purchases: 10, refusedPurchases: 0 })
    expect(points[0]?.at).toBe(system.at(101))
  })

  test('stays in order when the clock of this process is set back', () => {
    const system = simulate()
    system.run(100, () => system.publish(gateway()))
    const now = system.at(70)
    system.model.takeFromTopic({ ...gateway(), at: system.at(101) }, now)
    system.model.tick(now)
    const times = system.model.history().points.map(({ at }) => at)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times.at(-1)).toBe(now)
  })

  test('keeps the last 200 events, each once, and hands new ones to the next tick', () => {
    const system = simulate()
    for (let number = 0; number < 250; number++) {
      const event = { member: 'gateway-1', run: 'r', number, code: 'overload-ended', details: {} } as const
      system.event(event)
      system.event(event)
    }
    system.run(1)
    expect(system.tick().events.map(({ number }) => number)).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 50),
    )
    expect(system.model.history().events).toHaveLength(200)
    system.run(1)
    expect(system.tick().events).toEqual([])
  })

  test('has the load run that is going on, until it ends', () => {
    const system = simulate()
    const load = {
      is: 'load',
      run: 'l',
      name: 'cyberday',
      stage: 'peak',
      planned: 100,
      sent: 0,
      failed: 0,
    } as const
    const going = (second: number) =>
      system.model.take(
        { ...load, startedAt: system.at(0), at: system.at(second), accepted: second * 90, p99: 12 },
        system.at(second),
      )
    system.run(10, going)
    expect(system.state().load).toMatchObject([{ name: 'cyberday', stage: 'peak' }])
    expect(system.tick().point.load).toEqual({ planned: 100, accepted: 90, p99: 12 })
    system.run(6)
    expect(system.state().load).toEqual([])
    expect(system.tick().point.load).toBeNull()
  })
})
