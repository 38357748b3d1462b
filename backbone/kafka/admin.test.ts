import { expect, test } from 'vitest'
import { keepAdmin } from './admin.ts'
import type { TopicAdmin } from './topic-admin.ts'

function createAdmins() {
  const ended: number[] = []
  let made = 0
  const create = () => {
    const number = ++made
    return {
      number,
      connect: () => Promise.resolve(),
      disconnect: () => {
        ended.push(number)
        return Promise.resolve()
      },
    } as unknown as TopicAdmin & { number: number }
  }
  return { create, made: () => made, ended }
}

test('is the same one as long as nothing fails, and ends with close', async () => {
  const admins = createAdmins()
  const admin = keepAdmin(admins.create)
  const numberOf = (each: TopicAdmin) => Promise.resolve((each as TopicAdmin & { number: number }).number)
  expect([await admin.use(numberOf), await admin.use(numberOf)]).toEqual([1, 1])
  await admin.close()
  expect(admins.ended).toEqual([1])
})

test('after a failure the next use has a new one; the caller gets the error, and the old one is disconnected', async () => {
  const admins = createAdmins()
  const admin = keepAdmin(admins.create)
  const failing = [1, 2].map(() => admin.use(() => Promise.reject(new Error('Broker not connected'))))
  for (const failed of failing) await expect(failed).rejects.toThrow('Broker not connected')
  expect(await admin.use(() => Promise.resolve('done'))).toBe('done')
  expect(admins.made()).toBe(2)
  expect(admins.ended).toContain(1)
  expect(admins.ended).not.toContain(2)
})

test('a failure does not end the requests of others: the old one is disconnected after the last of them', async () => {
  const admins = createAdmins()
  const admin = keepAdmin(admins.create)
  const other = Promise.withResolvers<string>()
  const waiting = admin.use(() => other.promise)
  await expect(admin.use(() => Promise.reject(new Error('not leader')))).rejects.toThrow('not leader')
  expect(admins.ended).toEqual([])
  other.resolve('answered')
  expect(await waiting).toBe('answered')
  expect(admins.ended).toEqual([1])
})
