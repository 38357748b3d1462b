import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { emptyToNull } from '../../backbone/records/correct-checkout.ts'
import { limitedText, text } from '../../backbone/records/limited-text.ts'
import { acceptedObject } from './accepted-schema.ts'

const describeFields = (fields: z.ZodRawShape) =>
  acceptedObject(
    z.toJSONSchema(z.object(fields)),
    Object.fromEntries(Object.keys(fields).map((name) => [name, [emptyToNull]])),
  )

test.each([
  [undefined, true],
  [null, true],
  ['', true],
  [' ', true],
  ['x'.repeat(40), true],
  [` ${'x'.repeat(40)}\n`, true],
  ['😀'.repeat(40), true],
  ['x'.repeat(41), false],
  ['😀'.repeat(41), false],
  [5, false],
])('an optional text of at most 40 characters: %j', (canal, isAccepted) => {
  const schema = describeFields({ canal: limitedText(0, 40).nullish() })
  expect(new Ajv2020({ strict: false }).validate(schema, { canal })).toBe(isAccepted)
})

test.each([
  ['maxLength', text.max(40)],
  ['minLength', text.min(1).nullish()],
  ['allOf', text.regex(/a/).regex(/b/)],
])('a rule of a text that it cannot describe is an error: %s', (rule, field) => {
  expect(() => describeFields({ canal: field })).toThrow(`cannot describe the rule ${rule} of a text`)
})
