import { type Answer, type Connection, openConnection } from './connection.ts'
import { RequestError } from './request-error.ts'

export interface KeepAliveClient {
  /** Opens one connection, to be told early and clearly that nobody is there. Rejects with a {@link RequestError}. */
  reach: () => Promise<void>
  /** Rejects with a {@link RequestError}. */
  request: (request: Uint8Array) => Promise<Answer>
  close: () => void
}

/**
 * HTTP/1.1 over as many connections as there are requests in flight, each kept for the next. Bun's fetch keeps 64 and
 * queues beyond 256, and a queue of our own would hide how the target does under load.
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
    async reach() {
      const connection = openConnection(target)
      await withinTime(connection, connection.opened)
    },
    request(request) {
      let connection = idle.pop()
      while (connection && !connection.reusable()) connection = idle.pop()
      connection ??= openConnection(target)
      return withinTime(connection, connection.exchange(request))
    },
    close() {
      for (const connection of idle.splice(0)) connection.close()
    },
  }
}
