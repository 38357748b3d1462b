import type { ISocketFactory, KafkaConfig } from 'kafkajs'

const RESPONSE_WITHIN_MS = 2_000

export interface BrokerConnection {
  connect: ISocketFactory
  ssl: KafkaConfig['ssl']
}

/** Sends requests of the Kafka protocol to a broker, one after the other, before any authentication. */
export function askBroker(broker: string, requests: readonly Buffer[], { connect, ssl }: BrokerConnection) {
  const [host = '', port] = broker.split(':')
  const { promise: answered, resolve, reject } = Promise.withResolvers<Buffer[]>()
  const responses: Buffer[] = []
  const askNext = () => {
    const request = requests[responses.length]
    if (request === undefined) resolve(responses)
    else socket.write(request)
  }
  const socket = connect({
    host,
    port: Number(port),
    // kafkajs passes on the options that it was given, or undefined without TLS.
    ssl: ssl as Parameters<ISocketFactory>[0]['ssl'],
    onConnect: askNext,
  })
  socket.on('data', (response: Buffer) => {
    responses.push(response)
    askNext()
  })
  socket.on('error', reject)
  socket.on('close', () => reject(new Error(`${broker} closed the connection`)))
  socket.setTimeout(RESPONSE_WITHIN_MS, () => socket.destroy(new Error(`${broker} does not answer`)))
  return { answered, disconnect: () => socket.destroy() }
}
