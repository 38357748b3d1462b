import { openStream } from './open-stream.ts'

const EVENT = Buffer.from('\nevent: notification\n')

/** Opens event streams, each on its own connection, and counts events with as little parsing as possible. */
export async function openReaders(port: number, readers: number, eventsEach: number) {
  const counts = new Map<number, number>()
  const all = Promise.withResolvers<void>()
  let firstAt = Number.NaN
  let lastAt = Number.NaN
  let missing = readers

  async function open(reader: number) {
    const socket = openStream(port)
    const begun = Promise.withResolvers<void>()
    let rest: Uint8Array = new Uint8Array()
    socket.on('data', (bytes: Buffer) => {
      begun.resolve()
      const text = Buffer.concat([rest, bytes])
      rest = new Uint8Array(text.subarray(Math.max(0, text.length - EVENT.length + 1)))
      const found = occurrences(text)
      if (found === 0) return
      lastAt = performance.now()
      firstAt ||= lastAt
      const before = counts.get(reader) ?? 0
      counts.set(reader, before + found)
      if (before < eventsEach && before + found >= eventsEach && --missing === 0) all.resolve()
    })
    socket.on('error', all.reject)
    await begun.promise
    return socket
  }

  const sockets = await Promise.all(Array.from({ length: readers }, (_, reader) => open(reader)))
  return {
    /** Resolves when each has all its events, with the time since the first event. */
    async all() {
      await all.promise
      const delivered = counts.values().reduce((sum, count) => sum + count, 0)
      return { ms: lastAt - firstAt, delivered }
    },
    close() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

function occurrences(text: Buffer): number {
  let count = 0
  for (let at = text.indexOf(EVENT); at >= 0; at = text.indexOf(EVENT, at + EVENT.length)) count++
  return count
}
