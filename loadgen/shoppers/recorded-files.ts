import type { Checkout } from '../../backbone/records/checkout.ts'
import { formatTime, timesFileOf } from './recorded-times.ts'

// All characters that some reader takes for a line break, not only \n.
const LINE_BREAKS = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g

// A replayed checkout may lack any field.
const attributes: Record<string, (checkout: Partial<Checkout>) => unknown> = {
  id: ({ id }) => id,
  nombre: ({ nombre }) => nombre,
  apellido: ({ apellido }) => apellido,
  edad: ({ edad }) => edad,
  email: ({ email }) => email,
  telefono: ({ telefono }) => telefono,
  direccion: ({ ubicacion }) => ubicacion?.direccion,
  ciudad: ({ ubicacion }) => ubicacion?.ciudad,
  pais: ({ ubicacion }) => ubicacion?.pais,
  productovisto: ({ productovisto }) => productovisto,
  taps: ({ taps }) => taps,
  folio: ({ folio }) => folio,
  recorrido: ({ recorrido }) => recorrido,
}

const CHECKOUTS = 'checkouts.ndjson'

export interface RecordedCheckout {
  checkout: Checkout
  /** Due time, in milliseconds since the start. */
  atMs: number
}

export interface RecordedFile {
  name: string
  /** Without a line break. */
  lineOf: (recorded: RecordedCheckout) => string
}

/** The files of a recording. */
export const recordedFiles: readonly RecordedFile[] = [
  { name: CHECKOUTS, lineOf: ({ checkout }) => JSON.stringify(checkout) },
  { name: timesFileOf(CHECKOUTS), lineOf: ({ atMs }) => formatTime(atMs) },
  ...Object.entries(attributes).map(([attribute, read]) => ({
    name: `${attribute}.txt`,
    lineOf: ({ checkout }: RecordedCheckout) => textOf(read(checkout)),
  })),
]

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null')
  return text.replaceAll(LINE_BREAKS, ' ')
}
