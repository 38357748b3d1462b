import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { noRefusals } from '../../backbone/kafka/testing/refusals.ts'
import { keepProducer } from './producer-lifecycle.ts'

const log = pino({ level: 'silent' })

const producerThat = (connect: () => Promise<void>) => ({
  connect: vi.fn(connect),
  send: () => expect.fail('nothing is to be sent'),
  disconnect: vi.fn(async () => undefined),
})
const connects = () => producerThat(async () => undefined)
const fails = () => producerThat(() => Promise.reject(new Error('connection refused')))

const keep = (...producers: ReturnType<typeof producerThat>[]) =>
  keepProducer({
    createProducer: () => producers.shift() ?? expect.fail('no producer is left'),
    assertWritable: () => Promise.resolve(),
    refusals: noRefusals,
    log,
  })

test('tries with one after the other until one is connected', async () => {
  const [first, second, third] = [fails(), fails(), connects()]
  const producers = keep(first, second, third)
  expect(producers.isConnected()).toBe(false)
  expect(await producers.get()).toBe(third)
  expect(producers.isConnected()).toBe(true)
  expect(first.disconnect).toHaveBeenCalledOnce()
  expect(second.disconnect).toHaveBeenCalledOnce()
})

test('has another in the place of one that was discarded, and disconnects that one', async () => {
  const [first, second] = [connects(), connects()]
  const producers = keep(first, second)
  await producers.get()
  producers.discard(first, new Error('no answer'))
  expect(producers.isConnected()).toBe(false)
  expect(await producers.get()).toBe(second)
  expect(first.disconnect).toHaveBeenCalledOnce()
  expect(second.disconnect).not.toHaveBeenCalled()
})

test('a failure to disconnect changes nothing', async () => {
  const [first, second] = [fails(), connects()]
  first.disconnect.mockRejectedValue(new Error('not connected'))
  expect(await keep(first, second).get()).toBe(second)
})

test('once closed it tries no more', async () => {
  const producers = keep(fails())
  await producers.close()
  expect(await producers.get()).toBeUndefined()
})
