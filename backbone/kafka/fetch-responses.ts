import { createRequire } from 'node:module'
import { decodeFetch } from './decode-fetch.ts'

interface Api {
  response: { decode: (response: Buffer) => Promise<unknown> }
}

const definitions = createRequire(import.meta.url)('kafkajs/src/protocol/requests/fetch/index.js') as {
  protocol: (options: { version: number }) => (given: object) => Api
}
const protocolOfKafkajs = definitions.protocol

/** The last one that kafkajs knows: brokers from Kafka 2.3 on take it. */
const VERSION = 11

/**
 * kafkajs 2.2.4 calculates the time and the offset of each fetched record with a dozen objects for 64-bit numbers, and copies
 * its headers for each header; it reads no codec except gzip, and takes some records of aborted transactions for committed
 * ones. Only formats from before Kafka 0.11 are left to it.
 */
export function decodeFetchResponsesAtOnce(): void {
  definitions.protocol = ({ version }) => {
    const create = protocolOfKafkajs({ version })
    if (version !== VERSION) return create
    return (given) => {
      const api = create(given)
      const decode = async (response: Buffer) => decodeFetch(response) ?? api.response.decode(response)
      return { ...api, response: { ...api.response, decode } }
    }
  }
}
