import { connect, type Socket } from 'node:net'
import { delay } from './delay.ts'
import type { Toxic } from './network.ts'
import { createPipe } from './pipe.ts'
import { cutAfter, resetAtFirstBytes, swallow } from './treatment.ts'

/** A connection of a client, and the corresponding one to the server. */
export function openConnection(client: Socket, targetPort: number, onClosed: () => void) {
  const server = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  // A refusing server ends its socket with an error; the client sees a reset.
  const upstream = createPipe(client, server)
  const downstream = createPipe(server, client)

  let open = 2
  for (const socket of [client, server]) {
    socket.once('close', () => {
      open -= 1
      if (open === 0) onClosed()
    })
  }

  function reset(): void {
    client.resetAndDestroy()
    server.resetAndDestroy()
  }

  function suffer(toxic: Toxic): void {
    switch (toxic.type) {
      case 'down':
        reset()
        return
      case 'timeout':
        if (toxic.direction !== 'downstream') upstream.treat(swallow)
        if (toxic.direction !== 'upstream') downstream.treat(swallow)
        return
      case 'latency':
        upstream.treat(delay(toxic.ms))
        downstream.treat(delay(toxic.ms))
        return
      case 'reset_peer':
        downstream.treat(resetAtFirstBytes(reset))
        return
      case 'limit_data':
        downstream.treat(cutAfter(toxic.bytes))
    }
  }

  /** Continues as before, unless data was lost. */
  function recover(): void {
    const intact = [upstream, downstream].map((pipe) => pipe.restore())
    if (intact.includes(false)) reset()
  }

  return { reset, suffer, recover, bytes: () => upstream.bytes() + downstream.bytes() }
}

export type Connection = ReturnType<typeof openConnection>
