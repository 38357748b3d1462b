import type { ExportFormat } from '../../backbone/http/notifications-query.ts'
import { parseOutcome } from '../read-model/encoded-outcome.ts'
import { csvHeader, toCsvRow } from './outcome-csv.ts'

interface FileFormat {
  contentType: string
  /** Before the first outcome. */
  header: string
  /** From the JSON of an outcome. */
  encode: (json: Uint8Array) => Uint8Array
}

const LINE_BREAK = Buffer.from('\n')

export const fileFormats: Record<ExportFormat, FileFormat> = {
  ndjson: {
    contentType: 'application/x-ndjson',
    header: '',
    encode: (json) => Buffer.concat([json, LINE_BREAK]),
  },
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    header: csvHeader,
    encode: (json) => Buffer.from(toCsvRow(parseOutcome(json))),
  },
}
