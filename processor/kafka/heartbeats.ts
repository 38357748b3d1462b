import { setTimeout as sleep } from 'node:timers/promises'
import type { EachBatchPayload } from 'kafkajs'

interface HeartbeatOptions {
  /** Resolves when the group has a coordinator that answers. */
  findCoordinator: () => Promise<unknown>
  /** When the coordinator last answered, by `performance.now()`. */
  lastHeard: () => number
}

// Half a session, and three heartbeats.
const SILENT_MS = 3_000
const SEARCH_MS = 250
const UNREACHABLE: ReadonlySet<unknown> = new Set(['KafkaJSConnectionError', 'KafkaJSConnectionClosedError'])

/** Taken by kafkajs for what a broker answers that coordinates the group no longer: it goes by the type. */
export class CoordinatorMovedError extends Error {
  override readonly name = 'CoordinatorMovedError'
  readonly type = 'NOT_COORDINATOR_FOR_GROUP'
}

/** False when the coordinator cannot be reached; rejects with what it answers. */
async function isHeard({ heartbeat }: Pick<EachBatchPayload, 'heartbeat'>): Promise<boolean> {
  try {
    await heartbeat()
    return true
  } catch (error) {
    if (error instanceof Error && UNREACHABLE.has(error.name)) return false
    throw error
  }
}

/**
 * Heartbeats of a member of a group whose coordinator may be gone. kafkajs 2.2.4 asks the one that it knows until it gives
 * up, and then joins as somebody else, for whom nothing is done until the session of the one it was has expired. What makes
 * it look for another coordinator and join again as who it is is an answer that this one is none any more: that answer is
 * given here, when the one that it asks cannot be reached or is silent, and `findCoordinator` resolves. Until then a
 * coordinator that cannot be reached is borne.
 */
export function createHeartbeats({ findCoordinator, lastHeard }: HeartbeatOptions) {
  let search: Promise<void> | undefined
  let foundAt = Number.NEGATIVE_INFINITY

  async function find(): Promise<void> {
    try {
      await findCoordinator()
      foundAt = performance.now()
    } catch {
      // The next heartbeat looks again.
    }
    search = undefined
  }

  return async function heartbeat(payload: Pick<EachBatchPayload, 'heartbeat'>): Promise<void> {
    const isSilent = performance.now() - lastHeard() > SILENT_MS
    const heard = isHeard(payload)
    if (!isSilent && (await heard)) return

    search ??= find()
    // One that was only not asked for so long is heard before it has been looked for.
    const isReached = await Promise.race([heard.then((is) => is || sleep(SEARCH_MS, false)), search])
    if (!isReached && foundAt > lastHeard()) throw new CoordinatorMovedError()
  }
}
