import { expect, test, vi } from 'vitest'
import { createTopicAdmin } from '../backbone/kafka/topic-admin.ts'
import { ensureTopics } from '../backbone/kafka/topics.ts'
import type { Outcome } from '../backbone/records/outcome.ts'
import { checkoutOf, recordOf } from './checkouts.ts'
import { readStream } from './event-stream.ts'
import { useSystem } from './use-system.ts'

const PARTITIONS = 6

const system = useSystem({ processors: 2 })

const url = (member: number) => system().processors[member]?.url ?? ''

async function produce(count: number): Promise<string[]> {
  const records = Array.from({ length: count }, (_, i) => recordOf(checkoutOf('quick', i), PARTITIONS))
  await system().produce(async (producer) => {
    await producer.send({ topic: system().topics.data, messages: records })
  })
  return records.map(({ eventId }) => eventId)
}

async function expectOutcomes(eventIds: string[]) {
  for (const member of [0, 1]) {
    for (const eventId of eventIds) {
      const response = await fetch(`${url(member)}/checkout/${eventId}`, { headers: { prefer: 'wait=30' } })
      expect(response.status).toBe(200)
    }
  }
}

async function recreate(topic: string) {
  const admin = system().kafka.admin()
  await admin.connect()
  await admin.deleteTopics({ topics: [topic] })
  await vi.waitFor(async () => expect(await admin.listTopics()).not.toContain(topic), { timeout: 10_000 })
  const { data, notifications, deadLetter, followUp, figures, history, layout } = system().topics
  const settings = {
    DATA_TOPIC: data,
    NOTIFICATIONS_TOPIC: notifications,
    DEAD_LETTER_TOPIC: deadLetter,
    FOLLOW_UP_TOPIC: followUp,
    FIGURES_TOPIC: figures,
    HISTORY_TOPIC: history,
    LAYOUT_TOPIC: layout,
    PARTITIONS,
    RETENTION_HOURS: 1,
  }
  await admin.disconnect()
  const topicAdmin = createTopicAdmin(system().kafka)
  await topicAdmin.connect()
  await ensureTopics(topicAdmin, settings)
  await topicAdmin.disconnect()
}

test('checkouts in a recreated DataTopic are classified, fewer than before or more', async () => {
  await expectOutcomes(await produce(120))
  await recreate(system().topics.data)
  await expectOutcomes(await produce(30))
  await expectOutcomes(await produce(300))
}, 120_000)

test('a reader of a recreated Notifications gets a gap, then everything', async () => {
  await expectOutcomes(await produce(120))
  const { next: before } = (await (await fetch(`${url(0)}/notifications?from=now`)).json()) as {
    next: string
  }
  await recreate(system().topics.notifications)
  // DataTopic still has the classified checkouts: they are classified again, because no outcome is left that prevents it.
  const ids = await produce(60)
  await expectOutcomes(ids)

  for (const member of [0, 1]) {
    const events: string[] = []
    const missing = new Set(ids)
    await readStream(`${url(member)}/notifications/stream`, before, ({ event, data }) => {
      events.push(event)
      if (event === 'notification') missing.delete((JSON.parse(data) as Outcome).eventId)
      return missing.size === 0
    })
    expect(events[0]).toBe('gap')
  }
}, 120_000)
