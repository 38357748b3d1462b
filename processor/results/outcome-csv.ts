import { checkoutSchema } from '../../backbone/records/checkout.ts'
import { isObject } from '../../backbone/records/correct-checkout.ts'
import type { ServedOutcome } from '../../backbone/records/outcome.ts'
import { type Cell, csvRow } from './csv-row.ts'

type Columns = Record<string, (outcome: ServedOutcome) => unknown>

const location = checkoutSchema.shape.ubicacion.shape
const checkoutFields: Columns = Object.fromEntries(
  Object.keys(checkoutSchema.shape)
    .flatMap((field) =>
      field === 'ubicacion' ? Object.keys(location).map((part) => [field, part]) : [[field]],
    )
    .map((path) => [path.join('.'), ({ checkout }) => valueAt(checkout, path)]),
)

/** `id` is the customer. */
const columns: Columns = {
  eventId: ({ eventId }) => eventId,
  kind: ({ kind }) => kind,
  receivedAt: ({ receivedAt }) => receivedAt,
  classifiedAt: ({ classifiedAt }) => classifiedAt,
  ...checkoutFields,
  message: ({ message }) => message,
  faults: ({ faults }) => faults?.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '),
  'source.partition': ({ source }) => source.partition,
  'source.offset': ({ source }) => source.offset,
  'redrive.of': ({ redrive }) => redrive?.of,
  'redrive.by': ({ redrive }) => redrive?.by,
  'redrive.at': ({ redrive }) => redrive?.at,
}

// Excel reads a file without it in the code page of the machine.
const BYTE_ORDER_MARK = '\uFEFF'

function table(names: Columns) {
  const readers = Object.values(names)
  return {
    header: BYTE_ORDER_MARK + csvRow(Object.keys(names)),
    /** One outcome, with its nested objects in one column per field. */
    toRow: (outcome: ServedOutcome): string => csvRow(readers.map((read) => toCell(read(outcome)))),
  }
}

export const csv = table(columns)
export const csvWithOwner = table({ ...columns, owner: ({ owner }) => owner })

function valueAt(value: unknown, [field, ...rest]: string[]): unknown {
  if (field === undefined) return value
  return isObject(value) ? valueAt(value[field], rest) : null
}

/** Faulty fields of a purchase may have any value. */
function toCell(value: unknown): Cell {
  if (value === undefined || value === null) return null
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value)
}
