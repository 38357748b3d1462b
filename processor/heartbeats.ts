import { type EachBatchPayload, KafkaJSProtocolError } from 'kafkajs'

const UNREACHABLE: ReadonlySet<unknown> = new Set(['KafkaJSConnectionError', 'KafkaJSConnectionClosedError'])

/**
 * Heartbeats of a member of a group whose coordinator may be gone. kafkajs 2.2.4 asks the one that it knows until it gives
 * up, and then joins as somebody else, for whom nothing is done until the session of the one it was has expired. What makes
 * it look for another coordinator and join again as who it is is an answer that this one is none any more: from when
 * `findCoordinator` resolves that answer is given here. Until then a coordinator that cannot be reached is borne.
 */
export function createHeartbeats(findCoordinator: () => Promise<unknown>) {
  let search: Promise<void> | undefined
  let isFound = false

  async function find(): Promise<void> {
    try {
      await findCoordinator()
      isFound = true
    } catch {
      // The next heartbeat looks again.
    }
    search = undefined
  }

  return async function heartbeat(payload: Pick<EachBatchPayload, 'heartbeat'>): Promise<void> {
    try {
      await payload.heartbeat()
      isFound = false
    } catch (error) {
      if (!(error instanceof Error && UNREACHABLE.has(error.name))) throw error
      if (isFound) throw notTheCoordinator()
      search ??= find()
    }
  }
}

const notTheCoordinator = () =>
  new KafkaJSProtocolError(
    Object.assign(new Error('another broker is the coordinator of the group now'), {
      type: 'NOT_COORDINATOR_FOR_GROUP',
      retriable: true,
    }),
  )
