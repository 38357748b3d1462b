import { sampleCheckout } from '../../backbone/records/sample-checkout.ts'

const spaced = (pattern: string) => `^\\s*${pattern}\\s*$`
const text = { type: 'string' }
const name = {
  type: 'string',
  description: '1 to 80 characters, without invisible ones and the white space around them',
  pattern: spaced('\\S(?:[\\s\\S]{0,78}\\S)?'),
}

/** What is taken: wider than what is stored, by the corrections that are made (backbone/records/correct-checkout.ts). */
export const checkout = {
  type: 'object',
  description:
    'White space around texts is trimmed, invisible characters are removed, line breaks become spaces, text is composed (NFC), ids and the domain of the e-mail address are lower-cased, numbers sent as text become numbers, an empty taps or folio becomes null. Fields that are not listed are not stored: the answer warns of them. One whose name differs from a listed one only by case, accents, `_` or `-` is an error.',
  required: ['id', 'nombre', 'apellido', 'edad', 'email', 'telefono', 'ubicacion', 'productovisto'],
  properties: {
    id: {
      type: 'string',
      description: 'The customer: 24 hexadecimal digits',
      pattern: spaced('[0-9a-fA-F]{24}'),
    },
    nombre: name,
    apellido: name,
    edad: {
      description: 'Whole number, 0 to 130',
      anyOf: [
        { type: 'integer', minimum: 0, maximum: 130 },
        { type: 'string', pattern: spaced('(?:-?0+|0*(?:[1-9][0-9]?|1[0-2][0-9]|130))(?:\\.0+)?') },
      ],
    },
    email: { type: 'string', description: 'An e-mail address, at most 254 characters', format: 'email' },
    telefono: text,
    ubicacion: {
      type: 'object',
      required: ['direccion', 'ciudad', 'pais'],
      properties: { direccion: text, ciudad: text, pais: text },
    },
    productovisto: text,
    taps: {
      description: 'Minutes from arriving to confirming; 0, null, "" or absent when nothing was bought',
      anyOf: [
        { type: 'number', minimum: 0 },
        { type: 'null' },
        { type: 'string', pattern: spaced('(?:-?0+(?:\\.0+)?|[0-9]{1,300}(?:\\.[0-9]+)?)?') },
      ],
    },
    folio: {
      description: 'Number of the transaction; null, "" or absent when nothing was bought',
      anyOf: [{ type: 'null' }, { type: 'string', pattern: spaced('(?:[A-Z]{3}-[0-9]{4})?') }],
    },
    idempotencyKey: {
      description:
        'The idempotency key of this checkout, 1 to 255 visible ASCII characters; null and "" are as good as absent. Not stored. In a batch it wins over the header `Idempotency-Key`, alone the header wins',
      anyOf: [{ type: 'null' }, { type: 'string', pattern: '^[!-~]{0,255}$' }],
    },
  },
  example: sampleCheckout,
}
