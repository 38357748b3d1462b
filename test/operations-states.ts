import type { MemberState, PartitionLag, SystemState } from '../backbone/operations/system-state.ts'

/** 18:04:11 UTC on a CyberDay. */
export const NOW = Date.parse('2026-06-01T18:04:11Z')
const MIB = 1024 ** 2

const member = (role: MemberState['role'], n: number): MemberState => ({
  member: `${role}-${n}`,
  run: `run-${role}-${n}`,
  role,
  status: 'ok',
  lastAt: NOW - 400,
  since: NOW - 7_260_000,
  startedAt: NOW - 7_265_000,
  memoryBytes: (role === 'gateway' ? 140 : 212) * MIB + n * MIB,
  cpu: 0.31 + n / 20,
  faults: [],
})

const gateway = (n: number): MemberState => ({
  ...member('gateway', n),
  gateway: { perSecond: 412.4, p99: 31.2, inFlight: 14, limit: 88, waiting: 3 },
})

const processor = (n: number, partitions: number[]): MemberState => ({
  ...member('processor', n),
  processor: { perSecond: 274.1, partitions, readModelLag: 12, streams: 340 + n, servesResults: true },
})

const partition = (n: number, owner: string, records = 3): PartitionLag => ({
  partition: n,
  lane: n < 4 ? 'purchase' : 'browse',
  owner,
  lastOwner: owner,
  records,
  seconds: 0,
  trend: records === 0 ? 'none' : 'steady',
  clearedIn: 0,
})

const allWell = {
  at: NOW,
  from: 'processor-1',
  partial: false,
  verdicts: [{ code: 'buyers-get-through', level: 'ok', since: NOW - 3_720_000, details: {} }],
  checkouts: {
    perSecond: {
      purchase: { 200: 12.2, 202: 538.4, 422: 1.2 },
      browse: { 202: 268.6 },
      unknown: { 400: 0.2 },
    },
    latencyMs: { purchase: { p50: 6.1, p99: 24.8 }, browse: { p50: 6.4, p99: 31.2 } },
    inFlight: 28,
    limit: 176,
    waiting: 6,
  },
  outcomes: {
    perSecond: { quick: 402.6, slow: 146.2, none: 268.2, unverified: 1.4, invalid: 0 },
    repetitionsPerSecond: 2.4,
    delayMs: { p50: 14.2, p99: 61.4 },
  },
  streams: 1_023,
  totals: { answers: {}, outcomes: {} },
  members: [gateway(1), gateway(2), processor(1, [0, 1]), processor(2, [2, 3]), processor(3, [4, 5])],
  partitions: [0, 1, 2, 3, 4, 5].map((n) => partition(n, `processor-${1 + Math.floor(n / 2)}`)),
  leftOut: { partitions: 0, belowMinIsr: 0, underReplicated: 0 },
  lag: { records: 18, seconds: 0, clearedIn: 0 },
  kafka: {
    brokers: [1, 2, 3].map((id) => ({ id, leads: 9, inSync: 27, replicas: 27, answers: true })),
    belowMinIsr: [],
    underReplicated: [],
    at: NOW - 2_000,
  },
  load: [],
} satisfies SystemState

const visitsRefused: SystemState = {
  ...allWell,
  verdicts: [
    {
      code: 'visits-refused',
      level: 'warn',
      since: NOW - 194_000,
      details: { perSecond: 1_204, percent: 61, status: '503' },
    },
  ],
  checkouts: {
    ...allWell.checkouts,
    perSecond: {
      purchase: { 202: 2_811.6, 422: 4.4, 503: 0 },
      browse: { 202: 770.2, 503: 1_204.4, 429: 3.2 },
      unknown: { 408: 0.4 },
    },
    inFlight: 176,
    waiting: 912,
  },
  load: [
    {
      is: 'load',
      run: 'r1',
      name: 'cyberday',
      at: NOW - 300,
      startedAt: NOW - 400_000,
      stage: 'peak',
      planned: 5_000,
      sent: 1_204_000,
      accepted: 1_101_322,
      failed: 0,
      p50: 9.2,
      p99: 122,
    },
  ],
}

const processorSilent: SystemState = {
  ...allWell,
  verdicts: [
    {
      code: 'member-silent',
      level: 'bad',
      since: NOW - 47_000,
      details: { member: 'processor-2', role: 'processor', seconds: 47, partitions: '2, 3' },
    },
    {
      code: 'lag-grows',
      level: 'warn',
      since: NOW - 44_000,
      details: { member: 'processor-2', partitions: '2, 3', records: 12_804, seconds: 44 },
    },
  ],
  members: allWell.members.map((each) =>
    each.member === 'processor-2'
      ? { ...each, status: 'silent', lastAt: NOW - 47_000, since: NOW - 47_000 }
      : each,
  ),
  partitions: allWell.partitions.map((each) =>
    each.owner === 'processor-2'
      ? { ...each, owner: null, records: 6_402, seconds: 44, trend: 'grows', clearedIn: null }
      : each,
  ),
  lag: { records: 12_804, seconds: 44, clearedIn: null },
}

const kafkaDown: SystemState = {
  ...allWell,
  from: 'gateway-1',
  partial: true,
  verdicts: [
    {
      code: 'buyers-refused',
      level: 'bad',
      since: NOW - 12_000,
      details: { perSecond: 214.6, status: '503' },
    },
    { code: 'kafka-unavailable', level: 'bad', since: NOW - 17_000, details: { seconds: 17 } },
  ],
  checkouts: {
    perSecond: { purchase: { 503: 214.6 }, browse: { 503: 98.2 } },
    latencyMs: { purchase: null, browse: null },
    inFlight: 88,
    limit: 88,
    waiting: 2_000,
  },
  outcomes: null,
  streams: null,
  members: [
    {
      ...gateway(1),
      status: 'not-ready',
      since: NOW - 17_000,
      faults: [
        { check: 'kafka', detail: '127.0.0.1:9092: connection refused', status: 'fail' },
        { check: 'processors', detail: 'No processor answers', status: 'warn' },
      ],
    },
  ],
  partitions: [],
  lag: { records: null, seconds: null, clearedIn: null },
  kafka: null,
}

const empty: SystemState = {
  ...allWell,
  checkouts: { perSecond: {}, latencyMs: {}, inFlight: 0, limit: 20, waiting: 0 },
  outcomes: { perSecond: {}, repetitionsPerSecond: 0, delayMs: null },
  streams: 0,
  members: [gateway(1), processor(1, [0, 1, 2, 3, 4, 5])],
  partitions: [0, 1, 2, 3, 4, 5].map((n) => partition(n, 'processor-1', 0)),
  lag: { records: 0, seconds: 0, clearedIn: 0 },
  kafka: {
    brokers: [{ id: 1, leads: 26, inSync: 26, replicas: 26, answers: true }],
    belowMinIsr: [],
    underReplicated: [],
    at: NOW - 2_000,
  },
}

const large: SystemState = {
  ...allWell,
  verdicts: [
    {
      code: 'below-min-isr',
      level: 'bad',
      since: NOW - 90_000,
      details: { partitions: 4, topic: 'DataTopic', broker: '3' },
    },
    ...processorSilent.verdicts,
  ],
  members: [
    ...Array.from({ length: 8 }, (_, n) => gateway(n + 1)),
    ...Array.from({ length: 11 }, (_, n) => processor(n + 1, [2 * n, 2 * n + 1])),
    { ...processor(12, []), status: 'starting', since: NOW - 4_000 },
  ],
  partitions: Array.from({ length: 24 }, (_, n) => partition(n, `processor-${1 + Math.floor(n / 2)}`)),
  kafka: {
    brokers: [
      ...[1, 2].map((id) => ({ id, leads: 13, inSync: 27, replicas: 27, answers: true })),
      { id: 3, leads: 0, inSync: 0, replicas: 27, answers: false },
    ],
    belowMinIsr: [0, 1, 2, 3].map((n) => ({ topic: 'DataTopic', partition: n })),
    underReplicated: Array.from({ length: 27 }, (_, n) => ({ topic: 'DataTopic', partition: n })),
    at: NOW - 31_000,
  },
}

/** Of 60 characters, without any place to break. */
const longName = (name: string) =>
  `${name}-produktionsumgebungselektrizitaetenhauptbetriebswerk`.padEnd(60, 'x')
const lengthened = <Value>(value: Value): Value =>
  JSON.parse(
    JSON.stringify(value).replaceAll(/"(?:gateway|processor)-\d+"/g, (name) =>
      JSON.stringify(longName(name.slice(1, -1))),
    ),
  ) as Value

const longNames: SystemState = {
  ...lengthened(processorSilent),
  checkouts: {
    ...allWell.checkouts,
    perSecond: {
      purchase: { 202: 1_234_567, 503: 1_234_567 },
      browse: { 202: 1_234_567 },
      unknown: { 400: 1_234_567 },
    },
  },
  lag: { records: 1_234_567_890, seconds: 1_234_567, clearedIn: null },
}

/** States of a system that an operator may see. */
export const states = { allWell, visitsRefused, processorSilent, kafkaDown, empty, large, longNames }
