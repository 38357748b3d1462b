import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FiguresSender } from '../kafka/figures-sender.ts'
import { createMember } from './create-member.ts'
import { type FiguresRecord, figuresRecordSchema } from './member-figures.ts'
import { publishFigures } from './publish-figures.ts'
import { idleProcessor } from './testing/idle-figures.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function start({ refusal, onTick = () => undefined }: { refusal?: string; onTick?: () => void } = {}) {
  let detail = 'down'
  const sent: { key: string; record: FiguresRecord }[] = []
  const lines: string[] = []
  const send = vi.fn<FiguresSender['send']>(async (messages) => {
    for (const { key, value } of messages)
      sent.push({ key, record: figuresRecordSchema.parse(JSON.parse(value)) })
  })
  const figures = publishFigures({
    member: createMember({
      name: 'processor-7',
      checks: () => [
        { name: 'kafka', status: 'fail', detail },
        { name: 'topics', status: 'pass' },
      ],
      own: () => ({ role: 'processor', processor: idleProcessor }),
    }),
    sender: { send, close: async () => undefined },
    isAuthenticated: () => true,
    explain: () => refusal,
    onTick,
    log: pino({}, { write: (line) => void lines.push((JSON.parse(line) as { msg: string }).msg) }),
  })
  const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000)
  const codes = () => sent.flatMap(({ record }) => (record.is === 'event' ? record.code : []))
  const figuresSent = () => sent.filter(({ record }) => record.is === 'figures').length
  const becomes = (next: string) => {
    detail = next
  }
  return { figures, sent, lines, send, seconds, codes, figuresSent, becomes }
}

const down = new Error('down')

test('figures once a second under one key, events at once under a key of their own', async () => {
  const { figures, sent, seconds, figuresSent } = start()
  await seconds(3)
  expect(figuresSent()).toBe(3)
  const [started, first] = sent
  const run = started?.record.run
  expect(started).toEqual({
    key: `event/${run}/0`,
    record: expect.objectContaining({ member: 'processor-7', number: 0, code: 'started' }),
  })
  expect(first).toEqual({
    key: `processor/processor-7/${run}`,
    record: expect.objectContaining({ faults: [{ check: 'kafka', detail: 'down', status: 'fail' }] }),
  })
  figures.report('partition-claimed', { partitions: '3' })
  expect(sent.at(-1)).toEqual({
    key: `event/${run}/1`,
    record: expect.objectContaining({ code: 'partition-claimed', details: { partitions: '3' } }),
  })
})

test('figures are a second apart when the clock is set', async () => {
  const { sent, seconds } = start()
  await seconds(2)
  vi.setSystemTime(Date.now() - 300_000)
  await seconds(2)
  const times = sent.flatMap(({ record }) => (record.is === 'figures' ? record.at : []))
  expect(times.map((at) => at - (times[0] ?? 0))).toEqual([0, 1_000, 2_000, 3_000])
})

test('one send at a time: figures that are due meanwhile are left out, events follow', async () => {
  const { figures, send, seconds, codes } = start()
  const { promise, resolve } = Promise.withResolvers<void>()
  send.mockImplementationOnce(() => promise)
  await seconds(4)
  figures.report('stopping')
  expect(send).toHaveBeenCalledTimes(1)
  resolve()
  await seconds(0)
  expect(send).toHaveBeenCalledTimes(2)
  expect(codes()).toEqual(['stopping'])
})

test('the newest 50 events wait until Kafka is reachable', async () => {
  const { figures, sent, send, seconds } = start()
  send.mockRejectedValueOnce(down)
  for (let partition = 0; partition < 60; partition++)
    figures.report('partition-claimed', { partitions: String(partition) })
  await seconds(1)
  expect(sent).toEqual([])
  await seconds(2)
  const partitions = sent.flatMap(({ record }) =>
    record.is === 'event' && record.code === 'partition-claimed' ? record.details.partitions : [],
  )
  expect(partitions).toEqual(Array.from({ length: 50 }, (_, i) => String(i + 10)))
})

test('an outage costs a warning after ten seconds, and ever rarer attempts', async () => {
  const { lines, send, seconds, figuresSent } = start()
  await seconds(2)
  const { calls } = send.mock
  const before = calls.length
  const restore = send.getMockImplementation()
  send.mockRejectedValue(down)
  await seconds(9)
  expect(lines).toEqual([])
  await seconds(91)
  expect(lines).toEqual(['Figures are not published: down'])
  expect(calls.length - before).toBeLessThan(30)
  if (restore) send.mockImplementation(restore)
  await seconds(6)
  expect(lines.slice(1)).toEqual(['Figures are published'])
  const again = figuresSent()
  await seconds(10)
  expect(figuresSent() - again).toBe(10)
})

test('a send that hangs is an outage, too', async () => {
  const { figures, lines, send, seconds } = start()
  await seconds(2)
  send.mockReturnValue(new Promise(() => undefined))
  await seconds(9)
  expect([figures.isUnreachable(), lines]).toEqual([false, []])
  await seconds(3)
  expect([figures.isUnreachable(), lines]).toEqual([
    true,
    ['Figures are not published: Kafka does not answer'],
  ])
})

test('a refusal costs one warning, immediately', async () => {
  const { figures, lines, send, seconds } = start({ refusal: 'Kafka refused Write on topic Figures' })
  send.mockRejectedValue(down)
  await seconds(1)
  expect(lines).toEqual(['Figures are not published: Kafka refused Write on topic Figures'])
  await seconds(600)
  expect(lines).toHaveLength(1)
  expect(send.mock.calls.length).toBeLessThan(30)
  expect(figures.isUnreachable()).toBe(false)
})

test('a Kafka that answers that it will not take them is not one that does not answer', async () => {
  const { figures, lines, send, seconds } = start()
  const tooLarge = Object.assign(new Error('message too large'), {
    type: 'MESSAGE_TOO_LARGE',
    retriable: false,
  })
  send.mockRejectedValue(new Error('Write on Figures', { cause: tooLarge }))
  await seconds(1)
  expect(lines).toEqual(['Figures are not published: Write on Figures'])
  await seconds(600)
  expect(lines).toHaveLength(1)
  expect(figures.isUnreachable()).toBe(false)

  const noLeader = Object.assign(new Error('no leader'), { type: 'LEADER_NOT_AVAILABLE', retriable: true })
  send.mockRejectedValue(new Error('Write on Figures', { cause: noLeader }))
  await seconds(60)
  expect(figures.isUnreachable()).toBe(true)
})

test('says how long the process was frozen', async () => {
  const { sent, seconds } = start()
  await seconds(2)
  const before = sent.length
  const frozenUntil = performance.now() + 5_400
  // A timer that is due while the process is frozen fires once, afterwards.
  vi.spyOn(performance, 'now').mockReturnValue(frozenUntil)
  await seconds(1)
  expect(sent.slice(before).map(({ record }) => record)).toEqual([
    expect.objectContaining({ code: 'paused', details: { seconds: 5 } }),
    expect.objectContaining({ is: 'figures' }),
  ])
  vi.restoreAllMocks()
})

test('after a freeze, figures include what has arrived meanwhile', async () => {
  // Read in the same turn of the event loop, after the timers.
  const onTick = vi.fn(() => void setImmediate(() => becomes('up')))
  const { sent, seconds, becomes } = start({ onTick })
  await seconds(1)
  becomes('down')
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 5_400)
  await seconds(1)
  expect(onTick).toHaveBeenCalledTimes(2)
  expect(sent.at(-1)?.record).toMatchObject({ faults: [{ check: 'kafka', detail: 'up' }] })
  vi.restoreAllMocks()
})

test('the last record says that the process ends', async () => {
  const { figures, sent, seconds } = start()
  await seconds(2)
  figures.report('stopping')
  await figures.close()
  expect(sent.at(-1)?.record).toMatchObject({ is: 'figures', ends: true })
  const { length } = sent
  await seconds(5)
  expect(sent).toHaveLength(length)
})

test('a shutdown does not wait for a Kafka that does not answer', async () => {
  const { figures, send, seconds } = start()
  await seconds(2)
  send.mockReturnValue(new Promise(() => undefined))
  await seconds(1)
  vi.useRealTimers()
  const began = performance.now()
  await figures.close()
  expect(performance.now() - began).toBeLessThan(2_000)
})
