import type { Checkout } from '../../backbone/checkout.ts'

// Any that a reader of lines may know, not only \n.
const LINE_BREAKS = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g

// A replayed checkout may lack anything.
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
}

export interface RecordedFile {
  name: string
  /** Of a checkout, without a line break. */
  lineOf: (checkout: Checkout) => string
}

/** What a recording is made of. */
export const recordedFiles: readonly RecordedFile[] = [
  { name: 'checkouts.ndjson', lineOf: (checkout) => JSON.stringify(checkout) },
  ...Object.entries(attributes).map(([attribute, read]) => ({
    name: `${attribute}.txt`,
    lineOf: (checkout: Checkout) => textOf(read(checkout)),
  })),
]

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null')
  return text.replaceAll(LINE_BREAKS, ' ')
}
