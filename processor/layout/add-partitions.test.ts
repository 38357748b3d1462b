import { expect, test } from 'vitest'
import { addPartitions } from './add-partitions.ts'

const topics = { DATA_TOPIC: 'DataTopic', NOTIFICATIONS_TOPIC: 'Notifications' }

test.each([
  { data: 6, notifications: 6, added: ['Notifications 9', 'DataTopic 9'] },
  { data: 6, notifications: 9, added: ['DataTopic 9'] },
  { data: 9, notifications: 12, added: [] },
])(
  'topics with $data and $notifications partitions get 9: $added',
  async ({ data, notifications, added }) => {
    const counts = new Map([
      [topics.DATA_TOPIC, data],
      [topics.NOTIFICATIONS_TOPIC, notifications],
    ])
    const created: string[] = []
    const admin = {
      countPartitions: async (topic: string) => counts.get(topic) ?? 0,
      checkPartitions: async () => undefined,
      createPartitions: async (topic: string, count: number) => void created.push(`${topic} ${count}`),
    }
    await addPartitions(admin, topics, 9)
    expect(created).toEqual(added)
  },
)
