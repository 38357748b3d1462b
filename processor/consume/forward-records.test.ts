import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { homePartition } from '../../backbone/records/partition.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { countDecisions } from '../metrics.ts'
import { builtInMessages } from '../testing/messages.ts'
import { createTestReadModels } from '../testing/read-models.ts'
import { dataRecord } from '../testing/records.ts'
import { createTestTopics } from '../testing/topics.ts'
import { createOutcomeCommitter } from './commit-outcomes.ts'

const homes = [6, 12]
const homesOf = (customer: string) => homes.map((count) => homePartition(customer, 'purchase', count))
const moved = Array.from({ length: 100 }, (_, n) => n.toString(16).padStart(24, '0')).find(
  (customer) => new Set(homesOf(customer)).size === homes.length,
)
const checkout = { ...boughtQuickly, id: moved ?? '' }
const [partition = -1, home = -1] = homesOf(checkout.id)
const readModels = createTestReadModels()

test('a former home copies records to the new one as they are, without an outcome, and goes on after them', async () => {
  const readModel = readModels.open({ partitions: 12 })
  void readModel.append(partition, { records: [], next: 0, resume: undefined, log: 'cafe0001' })
  const topics = createTestTopics()
  const registry = new Registry()
  const claim = { producer: topics.producer(), partition, next: 0, log: 'cafe0001', copied: undefined }
  const committer = createOutcomeCommitter(claim, {
    rules: { topic: 'DataTopic', homes, longestPlausibleMinutes: 10_080, messages: builtInMessages },
    dataTopic: 'DataTopic',
    notificationsTopic: 'Notifications',
    deadLetters: { topic: 'dead', partitions: 3 },
    followUps: { topic: 'FollowUp', partitions: 3 },
    readModel,
    now: () => new Date(0),
    count: countDecisions(registry),
  })
  const headers = { 'event-id': 'e', traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }
  const record = dataRecord(0, checkout, { headers })
  await committer.commit([record])

  const [copy, ...others] = topics.committed
  expect(others).toEqual([])
  expect(copy).toMatchObject({
    topic: 'DataTopic',
    partition: home,
    key: record.key,
    value: record.value,
    headers,
  })
  expect(committer.next()).toBe(1)
  expect(await registry.metrics()).toContain('checkout_repetitions_total 0')
})
