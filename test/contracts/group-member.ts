import pino from 'pino'
import { noRefusals } from '../../backbone/kafka/testing/refusals.ts'
import type { ClientLibrary } from './client-library.ts'

// Arguments: URL of a module with a library, bootstrap brokers, a topic, its partitions, a group. Joins the group until it is killed.

const [module = '', brokers = '', topic = '', partitions = '', groupId = ''] = process.argv.slice(2)
const { library } = (await import(module)) as { library: ClientLibrary }

library.consumeGroup(brokers.split(','), {
  topic,
  partitions: Number(partitions),
  groupId,
  sessionTimeoutMs: 6_000,
  knows: () => ({ owns: [], followed: [] }),
  begin: Promise.resolve(),
  onJoin: (_, assigned) => console.log(`assigned ${assigned.length}`),
  async onBatch(_, batch) {
    batch.resolve(batch.lastOffset)
    await batch.heartbeat()
  },
  onEnd: () => undefined,
  refusals: noRefusals,
  log: pino({ level: 'silent' }),
})
