import { connect, type Socket } from 'node:net'
import { createShoppers } from '../../../loadgen/shoppers/shopper.ts'

interface Nuisance {
  gateway: string
  clients: number
  forMs: number
}

const READ_EVERY_MS = 1_000

/** Clients that send the headers and half a body, and wait. */
export async function halfBodies(nuisance: Nuisance): Promise<void> {
  const body = Buffer.from(JSON.stringify(createShoppers(1)(0)))
  const { host } = new URL(nuisance.gateway)
  const head = `POST /checkout HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
  await bother(nuisance, (socket) => {
    socket.resume()
    socket.write(head)
    socket.write(body.subarray(0, body.length / 2))
  })
}

/** Clients that request all notifications, and read a byte per second. */
export async function slowReaders(nuisance: Nuisance): Promise<void> {
  const { host } = new URL(nuisance.gateway)
  await bother(nuisance, (socket) => {
    socket.pause()
    socket.write(`GET /notifications/stream?from=earliest HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
    const reading = setInterval(() => socket.read(1), READ_EVERY_MS)
    socket.once('close', () => clearInterval(reading))
  })
}

/** Until the time is over; a client that is disconnected earlier does not return. */
async function bother({ gateway, clients, forMs }: Nuisance, begin: (socket: Socket) => void): Promise<void> {
  const { hostname, port } = new URL(gateway)
  const client = async () => {
    const gone = Promise.withResolvers<void>()
    const socket = connect({ host: hostname, port: Number(port) })
    // The error does not matter: the close event that follows ends it.
    socket.on('error', () => undefined)
    socket.once('close', () => gone.resolve())
    const timer = setTimeout(() => socket.destroy(), forMs)
    begin(socket)
    await gone.promise
    clearTimeout(timer)
  }
  await Promise.all(Array.from({ length: clients }, client))
}
