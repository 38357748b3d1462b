import type { Logger } from 'pino'
import type { KeptAdmin } from '../../backbone/kafka/admin.ts'
import type { KafkaRefusals } from '../../backbone/kafka/watch-refusals.ts'

interface DeleteOptions {
  admin: KeptAdmin
  refusals: Pick<KafkaRefusals, 'explain'>
  /** What the names of the groups begin with. */
  prefix: string
  log: Logger
}

/** Deletes groups that this process has left for ever. Kafka would remove them by itself, but minutes later. */
export async function deleteGroups(
  groupIds: readonly string[],
  { admin, refusals, prefix, log }: DeleteOptions,
): Promise<void> {
  try {
    await admin.use((connected) => connected.deleteGroups([...groupIds]))
  } catch (error) {
    const refusal = refusals.explain(error, { operation: 'Delete', group: `${prefix}*` })
    if (refusal !== undefined) log.warn(`Groups of this process are not deleted: ${refusal}`)
  }
}
