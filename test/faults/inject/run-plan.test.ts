import { expect, test } from 'vitest'
import type { Part } from '../system/part.ts'
import type { Site } from '../system/site.ts'
import type { FaultName } from './fault-names.ts'
import { runPlan } from './run-plan.ts'

const fault = (name: FaultName, targets: string[], at: number) => ({
  name,
  targets,
  at,
  lastsMs: 0,
  chance: 0,
})

test('a fault waits until a part that it affects serves again after the previous one, others do not', async () => {
  const slow = Promise.withResolvers<void>()
  const killed = Promise.withResolvers<void>()
  const events: string[] = []
  const part = (name: string) => ({
    name,
    stop: () => Promise.resolve(events.push(`stop ${name}`)),
    start: () => events.push(`start ${name}`),
    ready: () => (name === 'kafka-1' ? slow.promise : Promise.resolve()),
    kill: () => {
      events.push(`kill ${name}`)
      if (name === 'kafka-3') killed.resolve()
      return Promise.resolve()
    },
  })
  const site = { part: (name: string) => part(name) as unknown as Part } as Site
  const plan = [
    fault('roll-brokers', ['kafka-1'], 0),
    fault('kill-broker', ['kafka-1'], 1),
    fault('kill-broker', ['kafka-3'], 2),
  ]
  const injected = runPlan(site, plan, Date.now(), () => undefined, new AbortController().signal)
  const ofFirst = () => events.filter((event) => event.endsWith('kafka-1'))
  await killed.promise
  expect(ofFirst()).toEqual(['stop kafka-1', 'start kafka-1'])
  slow.resolve()
  expect((await injected).map(({ failure }) => failure)).toEqual([undefined, undefined, undefined])
  expect(ofFirst()).toEqual(['stop kafka-1', 'start kafka-1', 'kill kafka-1', 'start kafka-1'])
})
