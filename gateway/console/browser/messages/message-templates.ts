import type { DescribedTemplate, MessagesInForce } from '../../../../backbone/messages/messages-in-force.ts'
import { el } from '../../../pages/browser/dom.ts'
import { kindName } from '../../../pages/browser/kind-name.ts'
import { panel } from '../elements/panel.ts'
import { texts } from '../texts.ts'
import { languageName } from './language-name.ts'

const { templates: words } = texts.messages

// `{{` is a brace.
const PLACEHOLDER = /(\{\{|\{[^{}\n]+\})/

/** The templates of each kind and language. */
export const createTemplatesPanel = ({ kinds }: MessagesInForce): Node =>
  panel(
    words.heading,
    el('p', { class: 'hint' }, words.hint),
    ...kinds.flatMap(({ kind, templates }) => [
      el('h3', {}, kindName(texts.kinds, kind)),
      ...templates.flatMap((template) => templatesOf(kind, template)),
    ]),
  )

function templatesOf(kind: string, { language, text, recorrido }: DescribedTemplate): Node[] {
  const file = `${kind}.${language}`
  const plain = (use: string) => templateOf({ language, file: `${file}.txt`, use, text })
  if (recorrido === undefined) return [plain('')]
  return [
    templateOf({ language, file: `${file}.recorrido.txt`, use: words.recorrido, text: recorrido }),
    plain(words.plain),
  ]
}

interface Template {
  language: string
  file: string
  /** For which checkouts; empty: for all. */
  use: string
  text: string
}

const templateOf = ({ language, file, use, text }: Template): Node =>
  el(
    'figure',
    { class: 'template' },
    el('figcaption', {}, `${languageName(language)}, `, el('code', {}, file), use && `: ${use}`),
    el('p', { class: 'exact', lang: language }, ...text.split(PLACEHOLDER).map(marked)),
  )

const marked = (part: string): Node | string =>
  part.startsWith('{') && part !== '{{' ? el('mark', {}, part) : part
