import pino from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { FiguresSender } from '../kafka/figures-sender.ts'
import { createMember } from './create-member.ts'
import type { LoadFigures } from './member-figures.ts'
import { publishFigures } from './publish-figures.ts'
import { idleGateway } from './testing/idle-figures.ts'

const figures = (sent: number): LoadFigures => ({
  is: 'load',
  run: 'r',
  name: 'cyberday',
  at: 2_000,
  startedAt: 1_000,
  stage: '1: 30s at 500/s',
  planned: 500,
  sent,
  accepted: 0,
  failed: 0,
})

/** A member whose records are taken by a fake Kafka; `sentOf` has the field `sent` of the load figures in each send. */
function start() {
  const send = vi.fn<FiguresSender['send']>(async () => undefined)
  const published = publishFigures({
    member: createMember({
      name: 'gateway-1',
      checks: () => [],
      own: () => ({ role: 'gateway', gateway: idleGateway }),
    }),
    sender: { send, close: async () => undefined },
    isAuthenticated: () => true,
    explain: () => undefined,
    onTick: () => undefined,
    log: pino({ level: 'silent' }),
  })
  onTestFinished(() => published.close())
  const sentOf = () =>
    send.mock.calls.map(([messages]) =>
      messages
        .filter(({ key }) => key === 'load/r')
        .map(({ value }) => (JSON.parse(value) as LoadFigures).sent),
    )
  return { ...published, send, sentOf }
}

test('load figures are confirmed once they are stored, in order', async () => {
  const { relay, send, sentOf } = start()
  const first = Promise.withResolvers<void>()
  send.mockReturnValueOnce(first.promise)
  const order: number[] = []
  const all = [1, 2, 3].map((n) => relay(figures(n)).then(() => order.push(n)))
  await new Promise(setImmediate)
  // One send at a time: the others wait for the next one.
  expect([sentOf(), order]).toEqual([[[1]], []])
  first.resolve()
  await Promise.all(all)
  expect([sentOf(), order]).toEqual([
    [[1], [2, 3]],
    [1, 2, 3],
  ])
})

test('while Kafka fails they are rejected, at first by its failure, then at once', async () => {
  const { relay, send, sentOf } = start()
  send.mockRejectedValueOnce(new Error('not leader'))
  await expect(relay(figures(1))).rejects.toThrow('not leader')
  await expect(relay(figures(2))).rejects.toThrow('Kafka does not answer')
  expect(sentOf()).toEqual([[1]])
})

test('of those that wait for a send that hangs, the newest 50 are kept', async () => {
  const { relay, send, sentOf } = start()
  const hanging = Promise.withResolvers<void>()
  send.mockReturnValueOnce(hanging.promise)
  const waiting = Array.from({ length: 60 }, (_, n) => relay(figures(n)))
  hanging.resolve()
  await waiting.at(-1)
  expect(sentOf()).toEqual([[0], Array.from({ length: 50 }, (_, n) => n + 10)])
})
