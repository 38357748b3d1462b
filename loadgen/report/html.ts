// A symbol, because texts of a report may come from a file: JSON cannot imitate markup.
const MARKUP = Symbol('markup')

export interface Markup {
  readonly [MARKUP]: string
}

export type Content = Markup | string | number | undefined | null | readonly Content[]

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes all values except markup that it created. */
export function html(fixed: TemplateStringsArray, ...contents: Content[]): Markup {
  return { [MARKUP]: fixed.map((text, index) => text + markupOf(contents[index])).join('') }
}

/** Markup from another source: it is not escaped. */
export const trusted = (markup: string): Markup => ({ [MARKUP]: markup })

export const textOf = (markup: Markup): string => markup[MARKUP]

function markupOf(content: Content): string {
  if (content === undefined || content === null) return ''
  if (typeof content === 'string') return content.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
  if (typeof content === 'number') return String(content)
  return MARKUP in content ? content[MARKUP] : content.map(markupOf).join('')
}
