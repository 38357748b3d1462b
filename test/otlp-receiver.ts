import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import protobuf from 'protobufjs/light.js'

/** A span as it was exported, with its ids in hex. */
export interface ReceivedSpan {
  service: string
  name: string
  /** OpenTelemetry's number: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  traceId: string
  spanId: string
  /** Empty: it begins a trace. */
  parentSpanId: string
  traceState: string
  attributes: Record<string, unknown>
  links: { traceId: string; spanId: string }[]
  isError: boolean
  /** In microseconds since the epoch. */
  start: number
  end: number
}

// The fields of opentelemetry-proto 1.x that are read here, with their numbers.
const field = (type: string, id: number, rule?: 'repeated') => ({ type, id, ...(rule ? { rule } : {}) })
const { nested } = {
  nested: {
    ExportTraceServiceRequest: { fields: { resourceSpans: field('ResourceSpans', 1, 'repeated') } },
    ResourceSpans: {
      fields: { resource: field('Resource', 1), scopeSpans: field('ScopeSpans', 2, 'repeated') },
    },
    Resource: { fields: { attributes: field('KeyValue', 1, 'repeated') } },
    ScopeSpans: { fields: { spans: field('Span', 2, 'repeated') } },
    Span: {
      fields: {
        traceId: field('bytes', 1),
        spanId: field('bytes', 2),
        traceState: field('string', 3),
        parentSpanId: field('bytes', 4),
        name: field('string', 5),
        kind: field('int32', 6),
        startTimeUnixNano: field('fixed64', 7),
        endTimeUnixNano: field('fixed64', 8),
        attributes: field('KeyValue', 9, 'repeated'),
        links: field('Link', 13, 'repeated'),
        status: field('Status', 15),
      },
    },
    Link: { fields: { traceId: field('bytes', 1), spanId: field('bytes', 2) } },
    Status: { fields: { code: field('int32', 3) } },
    KeyValue: { fields: { key: field('string', 1), value: field('AnyValue', 2) } },
    AnyValue: {
      oneofs: { value: { oneof: ['stringValue', 'boolValue', 'intValue', 'doubleValue'] } },
      fields: {
        stringValue: field('string', 1),
        boolValue: field('bool', 2),
        intValue: field('int64', 3),
        doubleValue: field('double', 4),
      },
    },
  },
}
const request = protobuf.Root.fromJSON({ nested }).lookupType('ExportTraceServiceRequest')

type Value = Record<string, unknown>
interface Attribute {
  key: string
  value: Value
}
interface Decoded {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: Value[] }[] }[]
}

const ERROR = 2

/** Receives spans as a collector does: OTLP over HTTP, in protobuf. Answers with `status`. */
export async function startReceiver(status = 200) {
  const spans: ReceivedSpan[] = []
  const headers: IncomingMessage['headers'][] = []
  async function receive(incoming: IncomingMessage, outgoing: ServerResponse) {
    const body = await buffer(incoming)
    headers.push(incoming.headers)
    if (incoming.url === '/v1/traces' && incoming.headers['content-type'] === 'application/x-protobuf')
      spans.push(...decode(body))
    outgoing.writeHead(status, { 'content-type': 'application/x-protobuf' }).end()
  }
  const server = createServer((incoming, outgoing) => void receive(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    /** Of each request. */
    headers,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function decode(body: Uint8Array): ReceivedSpan[] {
  const { resourceSpans } = request.toObject(request.decode(body), {
    bytes: String,
    longs: Number,
    defaults: true,
  }) as Decoded
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(attributesOf(resource.attributes)['service.name'])
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ service, ...spanOf(span) })))
  })
}

const hex = (base64: unknown) => Buffer.from(String(base64), 'base64').toString('hex')

const attributesOf = (attributes: Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]))

/** With defaults all its fields are set; protobufjs names the one that was sent. */
const valueOf = (value: Value) =>
  value['stringValue'] || value['intValue'] || value['doubleValue'] || value['boolValue']

function spanOf(span: Value): Omit<ReceivedSpan, 'service'> {
  const links = span['links'] as Value[]
  return {
    name: String(span['name']),
    kind: Number(span['kind']),
    traceId: hex(span['traceId']),
    spanId: hex(span['spanId']),
    parentSpanId: hex(span['parentSpanId']),
    traceState: String(span['traceState']),
    attributes: attributesOf(span['attributes'] as Attribute[]),
    links: links.map((link) => ({ traceId: hex(link['traceId']), spanId: hex(link['spanId']) })),
    isError: Number((span['status'] as Value | null)?.['code']) === ERROR,
    start: Number(span['startTimeUnixNano']) / 1_000,
    end: Number(span['endTimeUnixNano']) / 1_000,
  }
}
