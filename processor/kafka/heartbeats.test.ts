import { KafkaJSConnectionError, KafkaJSProtocolError } from 'kafkajs'
import { expect, test, vi } from 'vitest'
import { createHeartbeats } from './heartbeats.ts'
import { CoordinatorMovedError } from './partition-consumer.ts'

const answers = (...each: (Error | undefined)[]) => ({
  heartbeat: () => {
    const next = each.shift()
    return next ? Promise.reject(next) : Promise.resolve()
  },
})
const unreachable = () => new KafkaJSConnectionError('Connection error: connect ECONNREFUSED')
const protocolError = (type: string) =>
  new KafkaJSProtocolError(Object.assign(new Error(type), { type, retriable: false }))

const now = () => performance.now()

test('the answer of the coordinator is passed on', async () => {
  const findCoordinator = vi.fn(() => Promise.resolve())
  const heartbeat = createHeartbeats({ findCoordinator, lastHeard: now })
  const rebalancing = protocolError('REBALANCE_IN_PROGRESS')
  const payload = answers(undefined, rebalancing)
  await heartbeat(payload)
  await expect(heartbeat(payload)).rejects.toBe(rebalancing)
  expect(findCoordinator).not.toHaveBeenCalled()
})

test('a coordinator that cannot be reached is ignored until another one is found, then the member is sent there', async () => {
  const found = Promise.withResolvers<void>()
  const findCoordinator = vi
    .fn<() => Promise<void>>()
    .mockRejectedValueOnce(new Error('no coordinator yet'))
    .mockReturnValueOnce(found.promise)
  const heardAt = now()
  const heartbeat = createHeartbeats({ findCoordinator, lastHeard: () => heardAt })
  const payload = { heartbeat: () => Promise.reject(unreachable()) }
  for (let time = 0; time < 3; time++) await heartbeat(payload)
  expect(findCoordinator).toHaveBeenCalledTimes(2)

  found.resolve()
  await found.promise
  await expect(heartbeat(payload)).rejects.toThrow(CoordinatorMovedError)
})

test('a silent coordinator is left as soon as another one is found', async () => {
  const heardAt = now() - 3_001
  const heartbeat = createHeartbeats({ findCoordinator: () => Promise.resolve(), lastHeard: () => heardAt })
  const frozen = { heartbeat: () => new Promise<void>(() => undefined) }
  await expect(heartbeat(frozen)).rejects.toThrow(CoordinatorMovedError)
})

test('a coordinator that was not asked for long is kept if it answers', async () => {
  const heardAt = now() - 60_000
  const heartbeat = createHeartbeats({
    findCoordinator: () => new Promise((resolve) => setTimeout(resolve, 10)),
    lastHeard: () => heardAt,
  })
  await heartbeat(answers(undefined))
})
