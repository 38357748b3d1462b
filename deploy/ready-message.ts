import { join } from 'node:path'
import { sampleCheckout } from '../backbone/sample-checkout.ts'

/** Says that all is up, and what to do with it. */
export function readyMessage(port: number, kafka: string, data: string): string {
  const url = `http://127.0.0.1:${port}`
  return `ready ${url}

curl -X POST ${url}/checkout -H 'content-type: application/json' -d '${JSON.stringify(sampleCheckout)}'
curl ${url}/notifications
curl -N '${url}/notifications/stream?from=earliest'

Kafka ${kafka}, logs in ${join(data, 'logs')}, Ctrl-C stops everything`
}
