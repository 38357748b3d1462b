import { describe, expect, test } from 'vitest'
import type { MemberFigures } from '../figures/member-figures.ts'
import type { KafkaState } from './system-state.ts'
import { gateway, processor, type Simulation, simulate } from './testing/simulate.ts'

/** Answers of a gateway since its start, of lanes and statuses, that grow by this many a second. */
const growing = (perSecond: Record<string, Record<string, number>>) => (second: number) => ({
  gateway: {
    answers: Object.fromEntries(
      Object.entries(perSecond).map(([lane, rates]) => [
        lane,
        Object.fromEntries(Object.entries(rates).map(([status, rate]) => [status, rate * second])),
      ]),
    ),
  },
})
const buyersCome = growing({ purchase: { 202: 10 } })

/** Everything is well, but for what was published before in the same second. */
const well = (system: Simulation) => (second: number) => {
  system.publish(gateway('gateway-1', buyersCome(second)))
  system.publish(processor('processor-1', { 0: 0, 1: 0 }))
  system.publish(processor('processor-2', { 2: 0 }))
  system.ends({ 0: 0, 1: 0, 2: 0 })
}
const fault = (check: string, detail: string): { faults: MemberFigures['faults'] } => ({
  faults: [{ check, detail, status: 'fail' }],
})

test('nothing is wrong', () => {
  const system = simulate()
  system.run(20, well(system))
  expect(system.state().verdicts).toEqual([
    { code: 'buyers-get-through', level: 'ok', since: system.at(1), details: {} },
  ])
})

test('forecast-beyond-capacity counts down, and ends with the forecast', () => {
  const system = simulate()
  system.run(3, well(system))
  system.model.foresee({ at: system.at(600), perSecond: 950.4, capacity: 800 })
  system.run(1, well(system))
  const found = () => system.state().verdicts
  expect(found()).toEqual([
    {
      code: 'forecast-beyond-capacity',
      level: 'warn',
      since: system.at(4),
      details: { seconds: 596, perSecond: 950, capacity: 800 },
    },
  ])
  system.run(10, well(system))
  expect(found()).toMatchObject([{ since: system.at(4), details: { seconds: 586 } }])
  system.model.foresee(undefined)
  system.run(1, well(system))
  expect(system.codes()).toEqual(['buyers-get-through'])
})

describe('checkouts-wait', () => {
  const waiting = (checkouts: number, oldestMs: number) => (system: Simulation) => (second: number) => {
    system.publish(gateway('gateway-1', { gateway: { unanswered: { checkouts, oldestMs } } }))
    well(system)(second)
  }

  test('begins as soon as buyers wait for a second, and tells since when', () => {
    const system = simulate()
    system.run(5, well(system))
    system.run(1, waiting(2, 999)(system))
    expect(system.codes()).toEqual(['buyers-get-through'])
    system.run(1, waiting(2, 1_000)(system))
    expect(system.state().verdicts).toMatchObject([
      { code: 'checkouts-wait', level: 'bad', details: { records: 2, seconds: 1 }, since: system.at(6) },
    ])
  })

  test('does not flap: one slow checkout is none, and what has begun ends after three seconds without', () => {
    const system = simulate()
    system.run(5, well(system))
    system.run(1, waiting(1, 2_400)(system))
    expect(system.codes()).toEqual(['buyers-get-through'])
    for (let times = 0; times < 3; times++) {
      system.run(1, waiting(1, 2_500)(system))
      system.run(2, well(system))
      expect(system.codes()).toEqual(['checkouts-wait'])
    }
    system.run(1, well(system))
    expect(system.codes()).toEqual(['buyers-get-through'])
  })
})

describe('buyers-refused', () => {
  test('holds while all purchases are refused, also between them, and ends with the first that is accepted', () => {
    const system = simulate()
    system.run(10, well(system))
    // One buyer in ten seconds.
    const refused = (second: number) => {
      const count = Math.floor((second - 1) / 10)
      system.publish(gateway('gateway-1', { gateway: { answers: { purchase: { 202: 100, 503: count } } } }))
      well(system)(10)
    }
    system.run(6, refused)
    const since = system.verdict('buyers-refused')?.since
    system.run(30, refused)
    expect(system.verdict('buyers-refused')).toMatchObject({
      level: 'bad',
      since,
      details: { status: '503' },
    })
    expect(system.codes()[0]).toBe('buyers-refused')

    system.run(1, () => {
      system.publish(gateway('gateway-1', { gateway: { answers: { purchase: { 202: 101, 503: 9 } } } }))
      well(system)(10)
    })
    expect(system.codes()).not.toContain('buyers-refused')
  })

  test('holds when no gateway lives', () => {
    const system = simulate()
    system.run(10, well(system))
    const only = (second: number) => {
      system.publish(processor('processor-1', { 0: second, 1: 0 }))
      system.publish(processor('processor-2', { 2: 0 }))
    }
    system.run(6, only)
    expect(system.codes()).toEqual(['buyers-refused', 'member-silent'])
    expect(system.verdict('buyers-refused')).toMatchObject({ since: system.at(10), details: { gateways: 1 } })
  })

  test('a limit that refuses some clients is not an outage', () => {
    const system = simulate()
    const limited = growing({ purchase: { 202: 1, 429: 50 } })
    system.run(10, (second) => {
      system.publish(gateway('gateway-1', limited(second)))
      system.publish(gateway('gateway-2', limited(second)))
      well(system)(second)
    })
    expect(system.state().verdicts).toMatchObject([
      { code: 'some-purchases-refused', level: 'warn', details: { status: '429' } },
    ])
  })
})

test('some purchases or visits that are refused are verdicts until none has been for ten seconds', () => {
  const system = simulate()
  const overloaded = growing({ purchase: { 202: 90, 503: 10 }, browse: { 202: 10, 503: 90 } })
  system.run(10, (second) => {
    system.publish(gateway('gateway-1', overloaded(second)))
    system.publish(gateway('gateway-2', overloaded(second)))
    well(system)(second)
  })
  expect(system.state().verdicts).toMatchObject([
    { code: 'some-purchases-refused', level: 'bad', details: { percent: 10, status: '503' } },
    { code: 'visits-refused', level: 'warn', details: { perSecond: 180, percent: 90 } },
  ])
  const { since } = system.verdict('visits-refused') ?? {}

  const still = () => {
    system.publish(gateway('gateway-2', overloaded(10)))
    well(system)(10)
  }
  system.run(13, still)
  expect(system.verdict('visits-refused')).toMatchObject({ since })
  system.run(3, still)
  expect(system.codes()).toEqual(['buyers-get-through'])
})

describe('member-silent', () => {
  test('names who it is, since when, and what it leaves; it ends when the member is back', () => {
    const system = simulate()
    system.run(10, well(system))
    const others = () => {
      system.publish(gateway('gateway-1', buyersCome(10)))
      system.publish(processor('processor-1', { 0: 0, 1: 0 }))
    }
    system.run(5, others)
    expect(system.state().verdicts).toEqual([
      {
        code: 'member-silent',
        level: 'bad',
        since: system.at(10),
        details: { member: 'processor-2', role: 'processor', seconds: 5, partitions: '2' },
      },
    ])

    system.run(8, () => {
      system.publish(processor('processor-1', { 0: 0, 1: 0, 2: 0 }))
      others()
    })
    expect(system.state().verdicts).toMatchObject([
      { code: 'member-silent', level: 'warn', since: system.at(10), details: { partitions: '' } },
    ])
    system.run(1, well(system))
    expect(system.codes()).toEqual(['buyers-get-through'])
  })

  test('one that has said that it stops is not silent', () => {
    const system = simulate()
    system.run(10, well(system))
    const rest = () => {
      system.publish(gateway('gateway-1', buyersCome(10)))
      system.publish(processor('processor-1', { 0: 0, 1: 0, 2: 0 }))
    }
    system.run(1, () => {
      system.publish(processor('processor-2', {}, { ends: true }))
      rest()
    })
    system.run(10, rest)
    expect(system.codes()).toEqual(['buyers-get-through'])
  })
})

test('partition-unowned: not while partitions move, but when nobody takes them', () => {
  const system = simulate()
  system.run(10, well(system))
  const without = () => {
    system.ends({ 2: 500 })
    system.publish(gateway('gateway-1', buyersCome(10)))
    system.publish(processor('processor-1', { 0: 0, 1: 0 }))
    system.publish(processor('processor-2'))
  }
  system.run(8, without)
  expect(system.codes()).not.toContain('partition-unowned')
  system.run(2, without)
  expect(system.verdict('partition-unowned')).toMatchObject({
    since: system.at(11),
    level: 'bad',
    details: { partitions: '2', records: 500 },
  })
})

test('lag-grows names the slowest owner, becomes catching-up without another since, and ends', () => {
  const system = simulate()
  const slow = (owned: number, end: number) => () => {
    system.publish(gateway('gateway-1', buyersCome(10)))
    system.publish(processor('processor-1', { 0: 0, 1: 0 }))
    system.publish(processor('processor-2', { 2: owned }))
    system.ends({ 0: 0, 1: 0, 2: end })
  }
  system.run(20, (second) => slow(second * 100, second * 1_000)())
  expect(system.state().verdicts).toMatchObject([
    {
      code: 'lag-grows',
      level: 'warn',
      details: { member: 'processor-2', partitions: '2', records: 18_000 },
    },
  ])
  const { since } = system.verdict('lag-grows') ?? {}

  system.run(15, (second) => slow(2_000 + (second - 20) * 1_100, 20_000)())
  expect(system.state().verdicts).toMatchObject([
    { code: 'catching-up', since, details: { member: 'processor-2', partitions: '2', clearedIn: 2 } },
  ])
  system.run(10, slow(20_000, 20_000))
  expect(system.codes()).toEqual(['buyers-get-through'])
})

test('a lag that ends before it was a verdict never becomes one', () => {
  const system = simulate()
  const behind = (seconds: number) => (second: number) => {
    system.publish(gateway('gateway-1', buyersCome(second)))
    system.ends({ 0: second * 100 })
    system.publish(processor('processor-1', { 0: (second - seconds) * 100 }))
  }
  system.run(10, behind(0))
  // Partitions that move to another owner wait that long.
  system.run(2, behind(6))
  system.run(8, (second) => {
    behind(0)(second)
    expect(system.codes()).toEqual(['buyers-get-through'])
  })
  system.run(3, behind(6))
  expect(system.codes()).toEqual(['catching-up'])
})

describe('Kafka', () => {
  const silence = (system: Simulation) => () => system.model.kafkaFails(system.at(system.seconds()))

  test('kafka-unavailable: nobody else is silent while no figures can arrive', () => {
    const system = simulate()
    system.run(10, well(system))
    system.run(5, silence(system))
    expect(system.codes()).toEqual(['buyers-get-through'])
    system.run(10, silence(system))
    expect(system.state().verdicts).toMatchObject([
      { code: 'kafka-unavailable', level: 'bad', since: system.at(11), details: { seconds: 14 } },
    ])
    expect(system.state().kafka).toBeNull()

    // Members publish again one after the other.
    system.model.kafkaAnswers(null)
    system.run(5, () => system.publish(gateway('gateway-1', buyersCome(10))))
    expect(system.codes()).toEqual(['buyers-get-through'])
    system.run(5, well(system))
    expect(system.codes()).toEqual(['buyers-get-through'])
  })

  test('kafka-unavailable: nobody is silent whose figures stopped just before those of this process', () => {
    const system = simulate()
    system.run(10, well(system))
    system.run(1, () => system.publish(processor('processor-1', { 0: 0, 1: 0 })))
    for (let second = 0; second < 20; second++) {
      system.run(1, silence(system))
      expect(system.codes()).not.toContain('member-silent')
    }
    expect(system.codes()).toEqual(['kafka-unavailable'])
  })

  test('kafka-unavailable: also if only the gateways cannot reach it', () => {
    const system = simulate()
    system.run(10, well(system))
    system.run(2, () => {
      system.publish(gateway('gateway-1', fault('kafka', 'Kafka does not answer')))
      well(system)(10)
    })
    expect(system.codes()).toEqual(['kafka-unavailable'])
  })

  test('nobody else is silent while no figures arrive though Kafka answers', () => {
    const system = simulate()
    system.run(10, well(system))
    system.run(10, () => system.model.kafkaAnswers(null))
    expect(system.state().verdicts).toMatchObject([
      { code: 'not-ready', details: { member: 'processor-1', check: 'figures' } },
    ])
  })

  test('below-min-isr names the broker that is not in sync', () => {
    const system = simulate()
    const state: KafkaState = {
      brokers: [
        { id: 1, leads: 6, inSync: 6, replicas: 6, answers: true },
        { id: 2, leads: 0, inSync: 0, replicas: 6, answers: false },
      ],
      belowMinIsr: [{ topic: 'DataTopic', partition: 0 }],
      underReplicated: [{ topic: 'DataTopic', partition: 0 }],
      at: 0,
    }
    system.model.kafkaAnswers(state)
    system.run(5, well(system))
    expect(system.state().verdicts).toMatchObject([
      { code: 'below-min-isr', level: 'bad', details: { partitions: 1, topic: 'DataTopic', broker: '2' } },
    ])
    system.model.kafkaAnswers({ ...state, belowMinIsr: [] })
    system.run(5, well(system))
    expect(system.codes()).toEqual(['buyers-get-through'])
  })

  test('access-refused holds while the check still fails for that reason', () => {
    const system = simulate()
    const detail = 'Kafka refused Write on topic DataTopic (user "gateway"): check its rights'
    system.run(10, well(system))
    system.event({
      member: 'gateway-1',
      run: 'gateway-1-run',
      number: 0,
      code: 'access-refused',
      details: { detail },
    })
    const refused = (text: string) => () => {
      system.publish(gateway('gateway-1', fault('kafka', text)))
      well(system)(10)
    }
    system.run(3, refused(detail))
    expect(system.state().verdicts).toMatchObject([
      { code: 'access-refused', level: 'bad', details: { member: 'gateway-1', detail } },
    ])
    system.run(3, refused('Kafka does not answer'))
    expect(system.codes()).toEqual(['kafka-unavailable'])
  })
})

describe('readiness', () => {
  test('not-ready says which check fails, starting that a member has not been ready yet', () => {
    const system = simulate()
    system.run(10, well(system))
    system.run(4, () => {
      system.publish(
        processor('processor-1', { 0: 0, 1: 0 }, fault('results', '20000 records behind the log')),
      )
      system.publish({
        ...processor('processor-3', {}, fault('partitions', 'partitions are being claimed')),
        startedAt: system.at(10),
      })
      well(system)(10)
    })
    expect(system.state().verdicts).toMatchObject([
      {
        code: 'not-ready',
        level: 'warn',
        details: { member: 'processor-1', check: 'results', detail: '20000 records behind the log' },
      },
      { code: 'starting', level: 'warn', since: system.at(11), details: { member: 'processor-3' } },
    ])
  })

  test('without figures of any gateway nobody knows whether buyers get through', () => {
    const system = simulate()
    for (const seconds of [1, 6]) {
      system.run(seconds, () => system.publish(processor('processor-1', { 0: 0 })))
      expect(system.state().verdicts).toMatchObject([{ code: 'not-ready', details: { check: 'gateways' } }])
    }
    system.run(2, well(system))
    expect(system.codes()).toEqual(['buyers-get-through'])
  })
})

describe('a gateway alone', () => {
  const alone =
    (system: Simulation, answers: boolean, more: object = {}) =>
    () =>
      system.publish(
        gateway('gateway-1', { gateway: { processors: [{ url: 'http://p1', answers }] }, ...more }),
      )

  test('processors-silent while none of its processors answers', () => {
    const system = simulate({ partial: true })
    system.run(3, alone(system, false))
    expect(system.state()).toMatchObject({ partial: true, partitions: [], kafka: null })
    expect(system.state().verdicts).toMatchObject([
      { code: 'processors-silent', level: 'bad', since: system.at(1), details: { processors: 1 } },
    ])
  })

  test('starting when they answer, but cannot serve the state yet', () => {
    const system = simulate({ partial: true })
    system.run(3, alone(system, true))
    expect(system.state().verdicts).toEqual([
      { code: 'starting', level: 'warn', since: system.at(1), details: { processors: 1 } },
    ])
  })

  test('kafka-unavailable when it cannot store', () => {
    const system = simulate({ partial: true })
    system.run(3, alone(system, true))
    system.run(3, alone(system, true, fault('kafka', 'no record was stored for 5 s')))
    expect(system.codes()).toEqual(['kafka-unavailable'])
  })
})
