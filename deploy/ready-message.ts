import { join } from 'node:path'
import { sampleCheckout } from '../backbone/records/sample-checkout.ts'
import type { Options } from './options.ts'

/** Reports that all parts are ready, with the pages to open and commands to try. */
export function readyMessage(
  { port, data, demo }: Pick<Options, 'port' | 'data' | 'demo'>,
  kafka: string,
  asksForKey: boolean,
): string {
  const url = `http://127.0.0.1:${port}`
  const key = asksForKey ? ' -H "Authorization: Bearer $KEY"' : ''
  const needs = (scopes: string) => (asksForKey ? ` (log in with a key that has ${scopes})` : '')
  const pages = [
    `Operations page ${url}/${needs('the scope operate')}`,
    ...(demo ? [`Demonstration shop ${url}/demo${needs('the scopes write and read')}`] : []),
  ]
  return `ready ${url}

${pages.join('\n')}

curl -X POST ${url}/checkout${key} -H 'content-type: application/json' -d '${JSON.stringify(sampleCheckout)}'
curl ${url}/notifications${key}
curl -N '${url}/notifications/stream?from=earliest'${key}

Kafka ${kafka}, logs in ${join(data, 'logs')}, Ctrl-C stops everything`
}
