/** A line of indented JSON, and the JSON pointer of the field that it begins. */
export interface JsonLine {
  text: string
  pointer: string
}

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** As JSON.stringify with an indent of two, in lines whose field is known. */
export function jsonLines(value: unknown): JsonLine[] {
  return linesOf(value, { pointer: '', indent: '', before: '', after: '' })
}

interface Place {
  pointer: string
  indent: string
  /** The name of the field, and the comma after it. */
  before: string
  after: string
}

function linesOf(value: unknown, { pointer, indent, before, after }: Place): JsonLine[] {
  const entries = entriesOf(value)
  if (entries === undefined) return [{ text: `${indent}${before}${JSON.stringify(value)}${after}`, pointer }]
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  if (entries.length === 0) return [{ text: `${indent}${before}${open}${close}${after}`, pointer }]
  const inner = entries.flatMap(([name, child], index) =>
    linesOf(child, {
      pointer: `${pointer}/${escaped(name)}`,
      indent: `${indent}  `,
      before: Array.isArray(value) ? '' : `${JSON.stringify(name)}: `,
      after: index === entries.length - 1 ? '' : ',',
    }),
  )
  return [
    { text: `${indent}${before}${open}`, pointer },
    ...inner,
    { text: `${indent}${close}${after}`, pointer: `${pointer}/` },
  ]
}

function entriesOf(value: unknown): [string, unknown][] | undefined {
  return typeof value === 'object' && value !== null ? Object.entries(value) : undefined
}
