import type { Hono, MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { AccessEnv } from '../../backbone/access/authenticate.ts'
import { exportQuerySchema } from '../../backbone/http/notifications-query.ts'
import { validateQuery } from '../../backbone/http/validate-request.ts'
import type { DeliveryMemory } from '../deliveries/delivery-memory.ts'
import type { OutcomeStore } from '../read-model/outcome-store.ts'
import { confine } from './authorize-query.ts'
import { fileFormat } from './export-formats.ts'
import { exportStream } from './export-stream.ts'
import type { createPresentation, Present } from './mask-outcome.ts'
import { toFilter } from './outcomes-query.ts'
import { readExport } from './read-export.ts'
import { type OnSent, recordSearch } from './record-sent.ts'
import type { createStreamLimit } from './stream-limit.ts'

interface ExportRouteOptions {
  mayRead: MiddlewareHandler<AccessEnv>
  /** Throws while this member does not know all outcomes yet. */
  withResults: MiddlewareHandler
  readModel: OutcomeStore
  presentTo: ReturnType<typeof createPresentation>
  /** Resolves when an export may read its next piece. */
  schedule: () => Promise<void>
  /** An open export counts as a stream of its key. */
  streams: ReturnType<typeof createStreamLimit>
  deliveries: Pick<DeliveryMemory, 'sent'>
  log: Logger
}

/** All outcomes that match a filter, as a file. */
export function exportRoute(app: Hono<AccessEnv>, options: ExportRouteOptions): void {
  const { mayRead, withResults, readModel, presentTo, schedule, streams, deliveries, log } = options

  app.get('/notifications/export', mayRead, validateQuery(exportQuerySchema), withResults, (context) => {
    const parameters = context.req.valid('query')
    const { identity, key, requestId } = context.var
    const { format, kind } = parameters
    const file = fileFormat(format, identity.scopes.has('all-owners'))
    const { filter } = confine({ filter: toFilter(parameters) }, identity)
    const headers = {
      'content-type': file.contentType,
      'content-disposition': `attachment; filename="${fileName(format)}"`,
    }
    if (context.req.method === 'HEAD') return new Response(null, { headers })

    const leave = key ? streams.enter(key.id) : () => undefined
    const who = { requestId, owner: identity.owner, key: key?.id, format, kinds: kind }
    log.info(who, 'Export started')
    const count = { exported: 0 }
    const onSent = recordSearch(deliveries, context, filter)
    const onExported: OnSent = (records) => {
      count.exported += records.length
      onSent(records)
    }
    const present = presentTo(identity)
    const pages = readExport(readModel, filter, schedule)
    const pieces = encodePieces(pages, file, present, onExported)
    const body = exportStream({
      pieces,
      credential: identity,
      onEnd(error) {
        leave()
        if (error === undefined) log.info({ ...who, ...count }, 'Export ended')
        else log.warn({ ...who, ...count, err: error }, 'Export broke off')
      },
    })
    return new Response(body, { headers })
  })
}

type Format = z.output<typeof exportQuerySchema>['format']

const fileName = (format: Format): string =>
  `notifications-${new Date().toISOString().slice(0, 10)}.${format}`

async function* encodePieces(
  pages: ReturnType<typeof readExport>,
  { header, encode }: ReturnType<typeof fileFormat>,
  present: Present,
  onExported: OnSent,
): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(header)
  for await (const records of pages) {
    onExported(records)
    yield Buffer.concat(records.map((record) => encode(present(record))))
  }
}
