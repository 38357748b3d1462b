import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser'
import { syntaxErrorOf } from '../../backbone/records/syntax-error.ts'
import { type LineFault, lineAt } from './parse-template.ts'

export type JsonPath = readonly (string | number)[]

/** JSON whose values can be located. */
export interface LocatedJson {
  value: unknown
  faults: LineFault[]
  has: (path: JsonPath) => boolean
  /** Line of the value at a path, or of what contains it; of a key with `key`. */
  lineOf: (path: JsonPath, key?: string) => number
}

const LINE = /at line (\d+)/

/** Keys that are given twice are faults, too: JSON.parse takes the last one and says nothing. */
export function parseLocated(text: string): LocatedJson {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const detail = syntaxErrorOf(text)
    const line = Number(LINE.exec(detail)?.[1] ?? 1)
    const faults = [{ line, detail: `${detail}: it must be JSON` }]
    return { value: undefined, faults, has: () => false, lineOf: () => line }
  }
  const root = parseTree(text)
  return {
    value,
    faults: root ? [...findRepeated(root, text)] : [],
    has: (path) => root !== undefined && findNodeAtLocation(root, [...path]) !== undefined,
    lineOf(path, key) {
      const node = root && deepest(root, path)
      const property = node?.children?.find(({ children }) => children?.[0]?.value === key)
      return lineAt(text, (key === undefined ? node : (property ?? node))?.offset ?? 0)
    },
  }
}

function deepest(root: Node, path: JsonPath): Node {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length))
    if (node) return node
  }
  return root
}

function* findRepeated(node: Node, text: string): Generator<LineFault> {
  const seen = new Set<unknown>()
  for (const child of node.children ?? []) {
    if (child.type === 'property') {
      const key: unknown = child.children?.[0]?.value
      if (seen.has(key))
        yield {
          line: lineAt(text, child.offset),
          detail: `${JSON.stringify(key)} is given twice: remove one`,
        }
      seen.add(key)
    }
    yield* findRepeated(child, text)
  }
}
