export type DrainSignal = 'SIGTERM' | 'SIGINT'

interface DrainTimes {
  /** Connections in use learn that they are to close. */
  noticeMs: number
  /** Streams and waiting reads end, at random, so that not all clients reconnect at once. */
  endWithinMs: number
}

/**
 * How long clients have to move to other members, by the reason of a `draining` signal: the signal that the process
 * received. SIGINT, which Ctrl-C and the launcher send, stops all members: there is no other to move to.
 */
export const drainTimes = ({ reason }: AbortSignal): DrainTimes =>
  reason === ('SIGINT' satisfies DrainSignal)
    ? { noticeMs: 100, endWithinMs: 100 }
    : { noticeMs: 1_000, endWithinMs: 2_000 }
