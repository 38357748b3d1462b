import { freePorts } from '../../../deploy/ports.ts'
import { startCalledThread } from '../load/called-thread.ts'

/** Upstream is from the client to the server. */
export type Direction = 'upstream' | 'downstream'

/** Disturbances of a link, with toxiproxy's names. */
export type Toxic =
  /** New connections are refused, open ones are reset. */
  | { type: 'down' }
  /**
   * Half-open: data and ends of connections are lost. New connections are accepted and silent. Afterwards
   * connections that lost data are reset; the others continue.
   */
  | { type: 'timeout'; direction: Direction | 'both' }
  /** In both directions. */
  | { type: 'latency'; ms: number }
  /** Open connections are reset now, new ones instead of an answer. */
  | { type: 'reset_peer' }
  /** A connection is closed after this many downstream bytes from now. */
  | { type: 'limit_data'; bytes: number }

/** Statistics of one link since it was opened. */
export interface Traffic {
  /** Open now. */
  connections: number
  bytes: number
}

/** The functions of the thread. */
export type NetworkCalls = {
  link: (name: string, targetPort: number, listenPort: number) => Promise<void>
  set: (name: string, toxic: Toxic) => Promise<void>
  clear: (name: string) => Promise<void>
  traffic: () => Record<string, Traffic>
  close: () => void
}

export interface Network {
  /** Opens a link; resolves with the port on 127.0.0.1 for clients. */
  link(name: string, target: { port: number }, listenPort?: number): Promise<number>
  /** Resolves when it is active. A link has one toxic, which replaces the previous one. */
  set(name: string, toxic: Toxic): Promise<void>
  clear(name: string): Promise<void>
  traffic(): Promise<Record<string, Traffic>>
  close(): Promise<void>
}

/**
 * Links for connections, which can be disturbed. They run in a separate thread, so that nothing delays them.
 */
export function startNetwork(): Network {
  const thread = startCalledThread<NetworkCalls>(new URL('./network-thread.ts', import.meta.url), undefined)
  const names = new Set<string>()

  function check(name: string): void {
    if (!names.has(name)) throw new Error(`there is no link ${name}`)
  }

  return {
    async link(name, target, listenPort) {
      if (names.has(name)) throw new Error(`there is a link ${name} already`)
      names.add(name)
      const [free = 0] = listenPort === undefined ? await freePorts(1) : []
      const port = listenPort ?? free
      await thread.call('link', name, target.port, port)
      return port
    },
    async set(name, toxic) {
      check(name)
      await thread.call('set', name, toxic)
    },
    async clear(name) {
      check(name)
      await thread.call('clear', name)
    },
    traffic: () => thread.call('traffic'),
    async close() {
      await thread.call('close')
      await thread.end()
    },
  }
}
