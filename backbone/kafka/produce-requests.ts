import { createRequire } from 'node:module'
import { encodeProduce, type ProduceRequest } from './encode-produce.ts'
import { type Encoded, FRAME_BYTES, frameBody, writeFramesInPlace } from './request-frames.ts'

type Given = ProduceRequest & { compression?: number }

interface Api {
  request: { encode: () => Promise<Encoded> }
}

const definitions = createRequire(import.meta.url)('kafkajs/src/protocol/requests/produce/index.js') as {
  protocol: (options: { version: number }) => (given: Given) => Api
}
const protocolOfKafkajs = definitions.protocol

/** The first version with record batches. */
const FIRST_VERSION = 3

/**
 * kafkajs 2.2.4 encodes each record and each of its headers into a zeroed buffer of their own, and copies those together:
 * ten times the work of one buffer for all (`npm run bench -- --only encode`). What this system does not send,
 * compression and records with a time, is left to kafkajs.
 */
export function encodeProduceRequestsAtOnce(): void {
  writeFramesInPlace()
  definitions.protocol = ({ version }) => {
    const create = protocolOfKafkajs({ version })
    return (given) => {
      const api = create(given)
      if (version < FIRST_VERSION || isLeftToKafkajs(given)) return api
      const encode = async () => frameBody(encodeProduce(given, Date.now(), FRAME_BYTES))
      return { ...api, request: { ...api.request, encode } }
    }
  }
}

const isLeftToKafkajs = ({ compression = 0, topicData }: Given): boolean =>
  compression !== 0 ||
  topicData.some(({ partitions }) =>
    partitions.some(({ messages }) =>
      messages.some((message) => 'timestamp' in message && message.timestamp !== undefined),
    ),
  )
