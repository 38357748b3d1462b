import { join } from 'node:path'
import { sampleCheckout } from '../backbone/records/sample-checkout.ts'

/** Reports that all parts are ready, with commands to try. */
export function readyMessage(port: number, kafka: string, data: string, asksForKey: boolean): string {
  const url = `http://127.0.0.1:${port}`
  const key = asksForKey ? ' -H "Authorization: Bearer $KEY"' : ''
  return `ready ${url}

curl -X POST ${url}/checkout${key} -H 'content-type: application/json' -d '${JSON.stringify(sampleCheckout)}'
curl ${url}/notifications${key}
curl -N '${url}/notifications/stream?from=earliest'${key}

Kafka ${kafka}, logs in ${join(data, 'logs')}, Ctrl-C stops everything`
}
