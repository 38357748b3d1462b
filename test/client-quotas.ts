import { alterClientQuotasV1, Connection } from '@platformatic/kafka'

export type Quota = 'producer_byte_rate' | 'consumer_byte_rate' | 'request_percentage'

/** Sets a quota of a user for each broker; without a value it is removed. */
export async function setQuota(broker: string, user: string, key: Quota, value?: number): Promise<void> {
  const [host = '', port] = broker.split(':')
  const connection = new Connection('client-quotas')
  await connection.connect(host, Number(port))
  try {
    const op = value === undefined ? { key, remove: true as const } : { key, value, remove: false as const }
    const entry = { entities: [{ entityType: 'user' as const, entityName: user }], ops: [op] }
    await alterClientQuotasV1.api.async(connection, [entry], false)
  } finally {
    await connection.close()
  }
}
