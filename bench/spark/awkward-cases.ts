import type { Checkout } from '../../backbone/records/checkout.ts'

/** What is written to DataTopic for one checkout: its bytes, or none. */
export type Value = string | Buffer | null

export interface EventCase {
  name: string
  /** The checkout that is changed; `quick` unless it is given. */
  of?: 'any' | 'quick' | 'slow' | 'visit'
  value: (checkout: Checkout) => Value
  /** A second record of the same event, directly after the first one in its partition. */
  again?: { name: string; value: (checkout: Checkout) => Value; sameEventId: boolean }
}

/** JSON text of each field; undefined omits it. */
type Edits = Partial<Record<keyof Checkout | 'recorrido' | 'descuento' | 'TAPS', string | undefined>>

const NESTED = 1_200

/** The JSON text of a checkout, some fields of which have another JSON text. */
export function edited(checkout: Checkout, edits: Edits): string {
  const own = Object.entries(checkout).map(([name, value]) => [name, JSON.stringify(value)] as const)
  const fields = new Map<string, string | undefined>([...own, ...Object.entries(edits)])
  const given = [...fields].filter(([, json]) => json !== undefined)
  return `{${given.map(([name, json]) => `"${name}":${json}`).join(',')}}`
}

const field = (name: string, edits: Edits, of?: EventCase['of']): EventCase => ({
  name,
  ...(of && { of }),
  value: (checkout) => edited(checkout, edits),
})
const text = (name: string, change: (json: string) => Value): EventCase => ({
  name,
  value: (checkout) => change(JSON.stringify(checkout)),
})
const stage = (name: string, seconds: string, error: string) =>
  `[{"etapa":"${name}","segundos":${seconds},"error":"${error}"}]`

const numbers: EventCase[] = [
  field('age 44.0', { edad: '44.0' }),
  field('age as text', { edad: '"44"' }),
  field('age beyond 32 bits', { edad: '99999999999' }),
  field('taps as text', { taps: '"17.8"' }),
  field('taps "NaN"', { taps: '"NaN"' }),
  field('taps "Infinity"', { taps: '"Infinity"' }),
  field('taps NaN, not quoted', { taps: 'NaN' }),
  field('taps 1e400', { taps: '1e400' }),
  field('taps 1e308', { taps: '1e308' }),
  field('taps 1e2', { taps: '1e2' }),
  field('taps with 1,100 digits', { taps: `17.${'8'.repeat(1_100)}` }),
  field('taps 017.8', { taps: '017.8' }),
  field('taps exactly 30', { taps: '30' }),
  field('taps 30.00000000000001', { taps: '30.00000000000001' }),
  field('taps 30.0000000000000000001', { taps: '30.0000000000000000001' }),
  field('taps negative', { taps: '-5' }),
  field('taps a week and a minute', { taps: '10081' }),
  field('taps a list', { taps: '[5]' }),
  field('taps true', { taps: 'true' }),
]

const purchases: EventCase[] = [
  field('no purchase: taps null', { taps: 'null' }, 'visit'),
  field('no purchase: taps ""', { taps: '""' }, 'visit'),
  field('no purchase: taps absent', { taps: undefined }, 'visit'),
  field('no purchase: taps -0.0', { taps: '-0.0' }, 'visit'),
  field('no purchase: both ""', { taps: '""', folio: '""' }, 'visit'),
  field('folio without taps', { taps: 'null' }),
  field('taps without folio', { folio: 'null' }),
  field('taps with folio ""', { folio: '""' }),
  field('folio a number', { folio: '5509' }),
  field('folio an object', { folio: '{"a":1}' }),
  field('folio in lower case', { folio: '"srz-5509"' }),
]

const texts: EventCase[] = [
  field('accents', { nombre: '"María José"', productovisto: '"Plumón 🦆 de año nuevo"' }),
  field('accents as separate characters', { nombre: '"Mari\u0301a"' }),
  field('spaces around the name', { nombre: '"  Ana "' }),
  field('line break in the product', { productovisto: '"Sofá\\ncama"' }),
  field('NUL in the name', { nombre: '"A\\u0000na"' }),
  field('half a surrogate pair in the name', { nombre: '"Ana\\ud83e"' }),
  field('tab not escaped', { nombre: '"A\tna"' }),
  field('name absent', { nombre: undefined }),
  field('name empty', { nombre: '""' }),
  field('name a number', { nombre: '44.50' }),
  field('name a list', { nombre: '["Ana"]' }),
  field('product an object', { productovisto: '{"sku": 7}' }),
]

const others: EventCase[] = [
  field('e-mail with a space', { email: '"María José.Díaz@mail.com"' }),
  field('age absent', { edad: undefined }),
  field('location a text', { ubicacion: '"Santiago"' }),
  field('id not hexadecimal', { id: '"cliente-7"' }),
  field('id in capitals', { id: '"062292FD7B7E3E688F29418E"' }),
  field('unknown field', { descuento: '{"pct":[10,20]}' }),
  field('unknown field nested 1,200 deep', { descuento: '['.repeat(NESTED) + ']'.repeat(NESTED) }),
  field('field in capitals', { TAPS: '45' }),
  field('recorrido', { recorrido: stage('pago', '540.5', '51') }),
  field('recorrido, slow in the same stage', { recorrido: stage('pago', '2400', '51') }, 'slow'),
  field('recorrido, slow in another stage', { recorrido: stage('carro', '2400', '05') }, 'slow'),
  field('recorrido with seconds as text', { recorrido: stage('pago', '"540.5"', '51') }),
  field('recorrido without a stage', { recorrido: '[{"segundos":540.5}]' }),
  field('recorrido null', { recorrido: 'null' }),
]

const syntax: EventCase[] = [
  text('taps twice', (json) => json.replace('"taps":', '"taps":45,"taps":')),
  text('cut off', (json) => json.slice(0, -3)),
  text('single quotes', (json) => json.replaceAll('"', "'")),
  text('comma after the last field', (json) => json.replace(/}$/, ',}')),
  text('text after the object', (json) => `${json} basura`),
  text('two objects', (json) => `${json}{"taps":45}`),
  text('byte order mark', (json) => `\ufeff${json}`),
  text('list of one', (json) => `[${json}]`),
  text('not JSON', () => 'hola'),
  text('empty', () => ''),
  text('no value', () => null),
  text('Latin-1', (json) => Buffer.from(json.replace(/"nombre":"[^"]*"/, '"nombre":"José"'), 'latin1')),
]

const repetitions: EventCase[] = [
  {
    name: 'repeated later',
    value: (checkout) => JSON.stringify(checkout),
    again: { name: 'repetition', value: (checkout) => JSON.stringify(checkout), sameEventId: false },
  },
  {
    name: 'contradicted later',
    value: (checkout) => JSON.stringify(checkout),
    again: {
      name: 'same event id, other body',
      value: (checkout) => edited(checkout, { taps: '45' }),
      sameEventId: true,
    },
  },
]

export const ordinary: EventCase = {
  name: 'ordinary',
  of: 'any',
  value: (checkout) => JSON.stringify(checkout),
}

export const awkwardCases: readonly EventCase[] = [
  ...numbers,
  ...purchases,
  ...texts,
  ...others,
  ...syntax,
  ...repetitions,
]
