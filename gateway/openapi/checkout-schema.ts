import { z } from 'zod'
import { type Checkout, checkoutSchema } from '../../backbone/records/checkout.ts'
import { fieldCorrections } from '../../backbone/records/correct-checkout.ts'
import { sampleCheckout } from '../../backbone/records/sample-checkout.ts'
import { acceptedObject, type FieldNote } from './accepted-schema.ts'

const name = {
  description: '1 to 80 characters, without invisible ones and the white space around them',
}

/** A field need not be here, unless a number in it may be a text. */
const notes: Partial<Record<keyof Checkout, FieldNote>> = {
  id: { description: 'The customer: 24 hexadecimal digits' },
  nombre: name,
  apellido: name,
  edad: {
    description: 'Whole number, 0 to 130',
    text: { pattern: '(?:-?0+|0*(?:[1-9][0-9]?|1[0-2][0-9]|130))(?:\\.0+)?' },
  },
  email: { description: 'An e-mail address, at most 254 characters', text: { format: 'email' } },
  taps: {
    description: 'Minutes from arriving to confirming; 0, null, "" or absent when nothing was bought',
    text: { pattern: '-?0+(?:\\.0+)?|[0-9]{1,300}(?:\\.[0-9]+)?' },
  },
  folio: { description: 'Number of the transaction; null, "" or absent when nothing was bought' },
}

const { type, required, properties } = acceptedObject(z.toJSONSchema(checkoutSchema), fieldCorrections, notes)

/** The checkout as it is accepted, alone and in a batch. */
export const checkout = {
  type,
  description:
    'White space around texts is trimmed, invisible characters are removed, line breaks become spaces, text is composed (NFC), ids and the domain of the e-mail address are lower-cased, numbers sent as text become numbers, an empty taps or folio becomes null. Fields that are not listed are not stored: the answer warns of them. One whose name differs from a listed one only by case, accents, `_` or `-` is an error.',
  required,
  properties: {
    ...properties,
    idempotencyKey: {
      description:
        'The idempotency key of this checkout, 1 to 255 visible ASCII characters; null and "" are as good as absent. Not stored. In a batch it wins over the header `Idempotency-Key`, alone the header wins',
      anyOf: [{ type: 'null' }, { type: 'string', pattern: '^[!-~]{0,255}$' }],
    },
  },
  example: sampleCheckout,
}
