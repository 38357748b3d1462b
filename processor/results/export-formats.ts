import type { ExportFormat } from '../../backbone/http/notifications-query.ts'
import { parseOutcome } from '../read-model/encoded-outcome.ts'
import { csv, csvWithOwner } from './outcome-csv.ts'

interface FileFormat {
  contentType: string
  /** Before the first outcome. */
  header: string
  /** From the JSON of an outcome. */
  encode: (json: Uint8Array) => Uint8Array
}

const LINE_BREAK = Buffer.from('\n')
const ndjson: FileFormat = {
  contentType: 'application/x-ndjson',
  header: '',
  encode: (json) => Buffer.concat([json, LINE_BREAK]),
}

/** `withOwner`: whether the outcomes name their owners. */
export function fileFormat(format: ExportFormat, withOwner: boolean): FileFormat {
  if (format === 'ndjson') return ndjson
  const { header, toRow } = withOwner ? csvWithOwner : csv
  return {
    contentType: 'text/csv; charset=utf-8; header=present',
    header,
    encode: (json) => Buffer.from(toRow(parseOutcome(json))),
  }
}
