import { expect, test } from 'vitest'
import type { RunResult } from '../run-result.ts'
import { formatHtmlReport } from './report-html.ts'
import { testPoint, testResult, testSlice } from './test-result.ts'

const EVIL = '<script>alert("1")</script>'

interface Drawn {
  title: string
  /** By the name of the series. */
  paths: Map<string, string>
}

/** The plots as a browser sees them. */
function plotsOf(page: string): Drawn[] {
  const plots: Drawn[] = []
  new HTMLRewriter()
    .on('svg', {
      element: (svg) => void plots.push({ title: svg.getAttribute('aria-label') ?? '', paths: new Map() }),
    })
    .on('svg path', {
      element(found) {
        plots.at(-1)?.paths.set(found.getAttribute('data-name') ?? '', found.getAttribute('d') ?? '')
      },
    })
    .transform(page)
  return plots
}

const plotOf = (result: RunResult, title: string) =>
  plotsOf(formatHtmlReport(result)).find((plot) => plot.title === title)

/** The texts of the cells of the table with this title, by row. */
function rowsOf(page: string, title: string): string[][] {
  const section = page.split('<section').find((part) => part.includes(`<h2>${title}</h2>`)) ?? ''
  return [...section.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replaceAll(/<[^>]*>/g, '')),
  )
}

test('the page needs nothing but itself', () => {
  const page = formatHtmlReport(testResult())
  const elements: string[] = []
  new HTMLRewriter().on('*', { element: ({ tagName }) => void elements.push(tagName) }).transform(page)
  expect(page).not.toMatch(/\ssrc\s*=|\shref\s*=|@import|url\(|https?:/)
  expect(elements.filter((name) => ['link', 'img', 'iframe', 'object', 'use'].includes(name))).toEqual([])
  // The values of a chart, and the element that shows them.
  expect(elements.filter((name) => name === 'script')).toHaveLength(2)
  expect(elements.filter((name) => name === 'svg').length).toBeGreaterThan(4)
})

test('external texts are escaped everywhere', () => {
  const point = testPoint(0, { failures: { [EVIL]: 3 } })
  const slice = testSlice(EVIL, [1], 10)
  const base = testResult()
  const page = formatHtmlReport({
    metrics: { ...base.metrics, [EVIL]: { count: 1, rate: 1 } },
    load: {
      ...base.load,
      name: EVIL,
      target: EVIL,
      startedAt: EVIL,
      tags: { [EVIL]: EVIL },
      stages: [slice, slice],
      lanes: [slice],
      scenarios: [slice],
      failures: { [EVIL]: 3 },
      thresholds: [{ metric: EVIL, expression: EVIL, ok: false, actual: 1 }],
      breakpoint: { held: 1, broken: { rate: 2, thresholds: [EVIL] } },
      endedEarly: EVIL,
      timeline: [point],
    },
  })
  expect(page).not.toContain('<script>alert')
  expect(page.match(/<script/g)).toHaveLength(2)
  expect(page.match(/&lt;script&gt;alert\(&quot;1&quot;\)&lt;\/script&gt;/g)?.length).toBeGreaterThan(14)
})

test('every plot has a path for every series', () => {
  const timeline = [0, 1, 2].map((at) => testPoint(at, { dropped: 1, failures: { '503': 2, timeout: 1 } }))
  const plots = plotsOf(formatHtmlReport(testResult({ timeline })))
  expect(plots.map(({ title, paths }) => [title, [...paths.keys()]])).toEqual([
    ['Rate', ['planned', 'sent', 'accepted']],
    ['Latency', ['max', 'p99', 'p90', 'p50']],
    ['Notification delay', ['p99', 'p50']],
    ['Failures', ['503', 'timeout', 'dropped']],
    ['In flight', ['in flight']],
    ['Latency distribution', ['from due', 'from sent']],
  ])
  for (const { paths } of plots) for (const path of paths.values()) expect(path).toMatch(/^M[\d.]+,[\d.]+/)
})

test.each([
  ['undefined', undefined],
  ['null, as JSON has it', null as unknown as undefined],
])('a missing measurement is a gap, not a zero: %s', (_, nothing) => {
  const whole = Array.from({ length: 9 }, (__, at) => testPoint(at))
  const holed = whole.map((point) =>
    point.at === 4 ? { ...point, asked: nothing, duration: nothing, delay: nothing } : point,
  )
  for (const [title, name] of [
    ['Rate', 'planned'],
    ['Latency', 'p50'],
    ['Notification delay', 'p99'],
  ] as const) {
    const unbroken = plotOf(testResult({ timeline: whole }), title)?.paths.get(name) ?? ''
    const broken = plotOf(testResult({ timeline: holed }), title)?.paths.get(name) ?? ''
    const moves = (path: string) => path.split('M').length - 1
    expect([moves(unbroken), moves(broken)]).toEqual([1, 2])
    const heights = (path: string) => new Set(path.match(/(?<=,)[\d.]+/g))
    expect(heights(broken)).toEqual(heights(unbroken))
  }
})

test('a series of which nothing is known is not drawn', () => {
  const timeline = [0, 1].map((at) => testPoint(at, { asked: undefined, delay: undefined }))
  const plots = plotsOf(formatHtmlReport(testResult({ timeline })))
  expect([...(plots[0]?.paths.keys() ?? [])]).toEqual(['sent', 'accepted'])
  expect(plots.map(({ title }) => title)).not.toContain('Notification delay')
})

test('after the sending no rate is planned', () => {
  const timeline = [0, 1, 2, 3].map((at) => testPoint(at))
  const asked = plotOf(testResult({ timeline, seconds: 2 }), 'Rate')?.paths.get('planned') ?? ''
  const sent = plotOf(testResult({ timeline, seconds: 2 }), 'Rate')?.paths.get('sent') ?? ''
  const furthest = (path: string) => Math.max(...(path.match(/[\d.]+(?=,)/g) ?? []).map(Number))
  expect(furthest(asked)).toBeLessThan(furthest(sent))
})

test('runs without a timeline, without an answer, and of one point', () => {
  const empty = formatHtmlReport(testResult({ timeline: [], histograms: {} }))
  expect(plotsOf(empty)).toEqual([])
  expect(empty).toContain('too short for a timeline')
  const single = formatHtmlReport(testResult({ timeline: [testPoint(0)], seconds: 0.4 }))
  expect(plotsOf(single)[1]?.paths.get('p50')).toMatch(/^M[\d.]+,([\d.]+)L[\d.]+,\1$/)
  for (const page of [empty, single]) expect(page).not.toMatch(/NaN|Infinity|undefined|\bnull\b/)
})

test('nothing odd is printed of a result that went through JSON', () => {
  const result = testResult({
    thresholds: [{ metric: 'lost', expression: 'count==0', ok: false, actual: undefined }],
  })
  const page = formatHtmlReport(JSON.parse(JSON.stringify(result)) as RunResult)
  expect(page).toBe(formatHtmlReport(result))
  expect(page).not.toMatch(/NaN|Infinity|undefined|\bnull\b/)
})

test('an hour, second by second, with many kinds of failures, stays small', () => {
  const kinds = Array.from({ length: 12 }, (_, kind) => `E${kind}`)
  const timeline = Array.from({ length: 3_600 }, (_, at) =>
    testPoint(at, {
      sent: 500 + 300 * Math.sin(at),
      failures: Object.fromEntries(kinds.map((kind, index) => [kind, index * Math.cos(at) ** 2])),
      dropped: at % 7,
      duration: { p50: 3 + (at % 5), p90: 9 + (at % 11), p99: 40 + (at % 97), max: 100 + (at % 1_000) },
    }),
  )
  const page = formatHtmlReport(testResult({ timeline, seconds: 3_600 }))
  expect(Buffer.byteLength(page)).toBeLessThan(1_500_000)
  const [, , , failures] = plotsOf(page)
  expect([...(failures?.paths.keys() ?? [])]).toEqual(['E11', 'E10', 'E9', 'E8', 'E7', '7 others', 'dropped'])
})

test('the verdict is what a reader sees first', () => {
  const good = formatHtmlReport(testResult())
  expect(good).toContain('✓ Passed')
  expect(good).toContain('5 of 5')
  const { outcomes } = testResult().load
  const bad = formatHtmlReport(
    testResult({
      outcomes: outcomes && { ...outcomes, single: 4, lost: 1 },
      thresholds: [
        { metric: 'lost', expression: 'count==0', ok: false, actual: 1 },
        { metric: 'http_req_duration', expression: 'p(99)<2000', ok: true, actual: 1_000 },
      ],
      breakpoint: { held: 120, broken: { rate: 150, thresholds: ['lost count==0'] } },
      unanswered: 2,
      endedEarly: 'interrupted',
    }),
  )
  for (const text of [
    '✗ Failed',
    '1 of 2',
    '4 of 5',
    '120/s',
    'Broken at 150/s',
    'Ended early: interrupted',
  ]) {
    expect(bad).toContain(text)
  }
})

test('a threshold is shown with the actual value, in the unit of its bound', () => {
  const page = formatHtmlReport(
    testResult({
      thresholds: [
        { metric: 'http_req_duration', expression: 'p(99)<250 over 10s', ok: false, actual: 1_234, at: 54.2 },
        { metric: 'http_req_duration', expression: 'count>1000', ok: false, actual: 5 },
        { metric: 'http_req_failed', expression: 'rate<0.001', ok: false, actual: 0.012345 },
        { metric: 'lost', expression: 'count==0', ok: false, actual: undefined },
      ],
    }),
  )
  expect(rowsOf(page, 'Thresholds').slice(1)).toEqual([
    ['http_req_duration', 'p(99)&lt;250 over 10s', '✗ broken', '1.23 s', '54 s'],
    ['http_req_duration', 'count&gt;1000', '✗ broken', '5', '–'],
    ['http_req_failed', 'rate&lt;0.001', '✗ broken', '0.01235', '–'],
    ['lost', 'count==0', '✗ broken', 'no samples', '–'],
  ])
})

test('stages without samples have no times, and lanes no dropped iterations', () => {
  const page = formatHtmlReport(
    testResult({
      stages: [testSlice('1: 5s at 1/s', [2, 4], 5), testSlice('2: 5s at 1/s', [], 5)],
      lanes: [testSlice('browse', [2], 5)],
    }),
  )
  const [, first, second] = rowsOf(page, 'Stages')
  expect(first?.slice(0, 6)).toEqual(['1: 5s at 1/s', '2', '0.4/s', '0.00 %', '3.00 ms', '2.00 ms'])
  expect(second).toEqual(['2: 5s at 1/s', '0', '0/s', ...Array.from({ length: 8 }, () => '–'), '0'])
  expect(rowsOf(page, 'Lanes')[0]).not.toContain('dropped')
})
