import { setTimeout as sleep } from 'node:timers/promises'
import type { EachBatchPayload } from 'kafkajs'
import { CoordinatorMovedError } from './partition-consumer.ts'

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

/** False when the coordinator cannot be reached; rejects with what it answers. */
async function isReachable({ heartbeat }: Pick<EachBatchPayload, 'heartbeat'>): Promise<boolean> {
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
 * up, and then joins as a new member, for which nothing is done until the session of the old one has expired. It looks for
 * another coordinator, and joins again under the same identity, only after an answer that the group has moved. This function
 * gives that answer when the known coordinator cannot be reached, or is silent, and `findCoordinator` resolves. Until then it
 * ignores that the coordinator cannot be reached.
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
    const heard = isReachable(payload)
    if (!isSilent && (await heard)) return

    search ??= find()
    // A coordinator that works, but has not been asked for long, answers before another one is found.
    const isReached = await Promise.race([heard.then((is) => is || sleep(SEARCH_MS, false)), search])
    if (!isReached && foundAt > lastHeard()) throw new CoordinatorMovedError()
  }
}
