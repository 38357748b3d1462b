import { type Answer, type Connection, openConnection } from './connection.ts'
import { RequestError } from './request-error.ts'

export interface KeepAliveClient {
  /**
   * Opens connections in advance. Rejects early with a {@link RequestError} if the target is not reachable.
   */
  connect: (connections: number) => Promise<void>
  /** Rejects with a {@link RequestError}. */
  request: (request: Uint8Array) => Promise<Answer & { resent: boolean }>
  close: () => void
}

/**
 * HTTP/1.1 over as many connections as there are requests in flight, each kept for the next. Bun's fetch keeps 64 and
 * queues beyond 256, and a queue of our own would hide how the target does under load.
 *
 * A kept connection may be closed by the other side just when it is used again. Then, if nothing came back, the request
 * is sent once more on a new one, as Go's and browsers' clients do: it must be one that may be repeated (RFC 9110, 9.2.2).
 */
export function createKeepAliveClient(target: URL, timeoutMs: number): KeepAliveClient {
  const idle: Connection[] = []

  const withinTime = async <T>(connection: Connection, answer: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => connection.close(new RequestError('timeout')), timeoutMs)
    try {
      return await answer
    } finally {
      clearTimeout(timer)
      if (connection.reusable()) idle.push(connection)
      else connection.close()
    }
  }

  return {
    async connect(connections) {
      const opened = Array.from({ length: connections }, () => openConnection(target))
      await Promise.all(opened.map((connection) => withinTime(connection, connection.opened)))
    },
    async request(request) {
      let kept = idle.pop()
      while (kept && !kept.reusable()) kept = idle.pop()
      try {
        if (kept) return { ...(await withinTime(kept, kept.exchange(request))), resent: false }
      } catch (error) {
        const { failure, bytesReceived } = RequestError.from(error)
        if (failure !== 'connection closed' || bytesReceived > 0) throw error
      }
      const fresh = openConnection(target)
      const resent = kept !== undefined
      try {
        return { ...(await withinTime(fresh, fresh.exchange(request))), resent }
      } catch (error) {
        throw Object.assign(RequestError.from(error), { resent })
      }
    },
    close() {
      for (const connection of idle.splice(0)) connection.close()
    },
  }
}
