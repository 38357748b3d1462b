import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

interface FormOptions {
  body: string
  headers: Record<string, string>
  /** Of the authority to trust; undefined: those of the runtime. */
  ca: string[] | undefined
  signal: AbortSignal | undefined
}

/** POST without redirects. The fetch of Node and of Deno has no portable option for an authority. */
export function postForm(url: string, { body, headers, ca, signal }: FormOptions): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>()
  const request = url.startsWith('https:') ? requestHttps : requestHttp
  const sent = request(url, { method: 'POST', headers, ca, signal }, (answer) => {
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.on('error', reject)
    answer.on('end', () =>
      resolve(
        new Response(Buffer.concat(chunks), {
          status: answer.statusCode ?? 500,
          headers: Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
            values.map((value): [string, string] => [name, value]),
          ),
        }),
      ),
    )
  })
  sent.on('error', reject)
  sent.end(body)
  return promise
}
