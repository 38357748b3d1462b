import { z } from 'zod'
import { type Checkout, checkoutSchema } from '../../backbone/records/checkout.ts'
import { type Corrections, emptyToNull, fieldCorrections } from '../../backbone/records/correct-checkout.ts'
import { sampleCheckout } from '../../backbone/records/sample-checkout.ts'
import { acceptedObject, type FieldNote } from './accepted-schema.ts'

const name = {
  description: '1 to 80 characters, not counting invisible ones and surrounding white space',
}

const NOT_NEGATIVE = { pattern: '(?:-?0+(?:\\.0+)?|[0-9]{1,300}(?:\\.[0-9]+)?)' }

/** A field needs an entry only if a number in it may be sent as text. */
const notes: Partial<Record<keyof Checkout, FieldNote>> = {
  id: { description: 'Customer id: 24 hexadecimal digits' },
  nombre: name,
  apellido: name,
  edad: {
    description: 'Whole number, 0 to 130',
    text: { pattern: '(?:-?0+|0*(?:[1-9][0-9]?|1[0-2][0-9]|130))(?:\\.0+)?' },
  },
  email: { description: 'An e-mail address, at most 254 characters', text: { format: 'email' } },
  taps: {
    description: 'Minutes from arrival to confirmation; 0, null, "" or absent without a purchase',
    text: NOT_NEGATIVE,
  },
  folio: { description: 'Transaction number; null, "" or absent without a purchase' },
  recorrido: {
    description:
      'The path through the shop: its stages in the order in which they began; null, "", [] or absent if it is not known. A sum that differs from `taps` by more than a minute and more than 10 % is a warning',
    each: {
      etapa: { description: 'Name of the stage, 1 to 40 characters, such as `catalogo`, `carro` or `pago`' },
      segundos: { description: 'Seconds in the stage', text: NOT_NEGATIVE },
      error: { description: 'Code of an error that the customer saw in the stage, at most 40 characters' },
    },
  },
}

const { type, required, properties } = acceptedObject(z.toJSONSchema(checkoutSchema), fieldCorrections, notes)

const mayBeEmpty = Object.entries<Corrections[string]>(fieldCorrections)
  .filter(([, steps]) => Array.isArray(steps) && steps.includes(emptyToNull))
  .map(([field]) => field)

/** The checkout as it is accepted, alone and in a batch. */
export const checkout = {
  type,
  description:
    'Corrections: texts are trimmed and composed (NFC), invisible characters are removed, line breaks become spaces, ids and the domain of the e-mail address are lower-cased, numbers sent as text become numbers, a whole number as `error` becomes text, an empty ' +
    new Intl.ListFormat('en', { type: 'disjunction' }).format(mayBeEmpty) +
    ' becomes null. Unknown fields are not stored; the answer has a warning for each. A field whose name differs from a known one only by case, accents, `_` or `-` is an error.',
  required,
  properties: {
    ...properties,
    idempotencyKey: {
      description:
        'Idempotency key of this checkout, 1 to 255 visible ASCII characters; null and "" mean absent. Not stored. In a batch it takes precedence over the header `Idempotency-Key`; in a single request the header does',
      anyOf: [{ type: 'null' }, { type: 'string', pattern: '^[!-~]{0,255}$' }],
    },
  },
  example: sampleCheckout,
}
