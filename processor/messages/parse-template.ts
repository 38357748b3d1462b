import { nearestName } from '../../backbone/nearest-name.ts'
import { isOfRecorrido, type PlaceholderName, placeholderNames } from './placeholders.ts'

/** A compiled template: its texts, with a placeholder between each two. */
export interface Template {
  texts: readonly string[]
  names: readonly PlaceholderName[]
}

export interface LineFault {
  line: number
  detail: string
}

/** In UTF-16 units. With the limit of placeholders it leaves room for the longest names: see fit-values.ts. */
export const LONGEST_TEMPLATE = 2_000
export const MOST_PLACEHOLDERS = 12

const BRACE = /\{\{|\{([^{}\n]*)(\}?)/g
// Tabs and line feeds only: what looks like one line must be one.
const CONTROL = /[\p{Cc}\u2028\u2029]/u

/**
 * Compiles the text of a template. `{name}` is a placeholder, `{{` a brace; `}` is itself. Returns all faults.
 * Placeholders of `recorrido` are allowed only in the variant for checkouts that have it.
 */
export function parseTemplate(
  text: string,
  { mayUseRecorrido }: { mayUseRecorrido: boolean },
): { template: Template; faults: LineFault[] } {
  const texts: string[] = []
  const names: PlaceholderName[] = []
  const faults = [...findControls(text)]
  let literal = ''
  let end = 0
  for (const { 0: found, 1: name, 2: close, index } of text.matchAll(BRACE)) {
    literal += text.slice(end, index)
    end = index + found.length
    if (name === undefined) {
      literal += '{'
      continue
    }
    const detail = faultOf(name, close === '}', mayUseRecorrido)
    if (detail !== undefined) {
      faults.push({ line: lineAt(text, index), detail })
      continue
    }
    texts.push(literal)
    names.push(name as PlaceholderName)
    literal = ''
  }
  texts.push(literal + text.slice(end))
  return { template: { texts, names }, faults: [...faults, ...findExcess(text, names.length)] }
}

function faultOf(name: string, isClosed: boolean, mayUseRecorrido: boolean): string | undefined {
  if (!isClosed) return 'a { without a }: write {{ for a brace'
  const known = placeholderNames.find((placeholder) => placeholder === name)
  if (known === undefined) {
    const meant = nearestName(name, placeholderNames)
    const advice =
      meant === undefined
        ? `use ${placeholderNames.map((each) => `{${each}}`).join(', ')}, or write {{ for a brace`
        : `did you mean {${meant}}?`
    return `{${name}} is not a placeholder; ${advice}`
  }
  if (isOfRecorrido(known) && !mayUseRecorrido)
    return `{${name}} is not known of every checkout: use it in the file that ends in .recorrido.txt`
  return undefined
}

function* findControls(text: string): Generator<LineFault> {
  for (const [index, content] of text.split('\n').entries()) {
    const found = CONTROL.exec(content.replaceAll('\t', ''))?.[0]
    if (found === undefined) continue
    const code = found.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
    yield { line: index + 1, detail: `has the control character U+${code}: remove it` }
  }
}

function* findExcess(text: string, count: number): Generator<LineFault> {
  if (text.trim() === '') yield { line: 1, detail: 'is empty: write the message' }
  if (text.length > LONGEST_TEMPLATE)
    yield {
      line: lineAt(text, LONGEST_TEMPLATE),
      detail: `has ${text.length} characters: at most ${LONGEST_TEMPLATE} are allowed`,
    }
  if (count > MOST_PLACEHOLDERS)
    yield { line: 1, detail: `has ${count} placeholders: at most ${MOST_PLACEHOLDERS} are allowed` }
}

/** Number of the line that has the character at an index. */
export const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length
