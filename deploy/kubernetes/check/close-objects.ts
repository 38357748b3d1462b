/** A JSON schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Makes a schema of the Kubernetes API one that JSON Schema validators understand and that refuses unknown fields, as the
 * API server does with strict field validation.
 */
export function closeObjects(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closeObjects)
  if (!isObject(schema)) return schema
  if (schema['x-kubernetes-int-or-string'] === true || schema['format'] === 'int-or-string')
    return { type: ['integer', 'string'] }
  const closed: Record<string, unknown> = Object.fromEntries(
    Object.entries(schema)
      .filter(([name]) => name !== 'format' && !name.startsWith('x-kubernetes-'))
      .map(([name, value]) => [name, name === 'properties' ? closeProperties(value) : closeObjects(value)]),
  )
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in schema
  if ('properties' in schema && !isOpen) closed['additionalProperties'] = false
  return closed
}

/** A field may have any name, also that of a keyword. */
const closeProperties = (properties: unknown): unknown =>
  isObject(properties)
    ? Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, closeObjects(schema)]))
    : properties
