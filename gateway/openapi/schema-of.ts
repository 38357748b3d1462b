import { z } from 'zod'

/** For the document, which declares its dialect once. */
export function schemaOf(type: z.ZodType) {
  const { $schema: _, ...schema } = z.toJSONSchema(type)
  return schema
}
