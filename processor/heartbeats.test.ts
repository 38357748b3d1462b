import { KafkaJSConnectionError, KafkaJSProtocolError } from 'kafkajs'
import { expect, test, vi } from 'vitest'
import { createHeartbeats } from './heartbeats.ts'

const answers = (...each: (Error | undefined)[]) => ({
  heartbeat: () => {
    const next = each.shift()
    return next ? Promise.reject(next) : Promise.resolve()
  },
})
const unreachable = () => new KafkaJSConnectionError('Connection error: connect ECONNREFUSED')
const protocolError = (type: string) =>
  new KafkaJSProtocolError(Object.assign(new Error(type), { type, retriable: false }))
const sendsToAnother = { name: 'KafkaJSProtocolError', type: 'NOT_COORDINATOR_FOR_GROUP' }

test('what the coordinator answers is passed on', async () => {
  const findCoordinator = vi.fn(() => Promise.resolve())
  const heartbeat = createHeartbeats(findCoordinator)
  const rebalancing = protocolError('REBALANCE_IN_PROGRESS')
  const payload = answers(undefined, rebalancing)
  await heartbeat(payload)
  await expect(heartbeat(payload)).rejects.toBe(rebalancing)
  expect(findCoordinator).not.toHaveBeenCalled()
})

test('one that cannot be reached is borne until another is found, then the member is sent to it', async () => {
  const found = Promise.withResolvers<void>()
  const findCoordinator = vi
    .fn<() => Promise<void>>()
    .mockRejectedValueOnce(new Error('no coordinator yet'))
    .mockReturnValueOnce(found.promise)
  const heartbeat = createHeartbeats(findCoordinator)
  const payload = { heartbeat: () => Promise.reject(unreachable()) }
  await heartbeat(payload)
  await vi.waitFor(async () => {
    await heartbeat(payload)
    expect(findCoordinator).toHaveBeenCalledTimes(2)
  })
  await heartbeat(payload)
  expect(findCoordinator).toHaveBeenCalledTimes(2)

  found.resolve()
  await found.promise
  await expect(heartbeat(payload)).rejects.toMatchObject(sendsToAnother)
})

test('one that answers again is left no more', async () => {
  const heartbeat = createHeartbeats(() => Promise.resolve())
  const payload = answers(unreachable(), undefined, unreachable())
  await heartbeat(payload)
  await Promise.resolve()
  await heartbeat(payload)
  await heartbeat(payload)
})
