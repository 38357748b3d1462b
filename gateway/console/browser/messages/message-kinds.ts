import type { DescribedKind, MessagesInForce } from '../../../../backbone/messages/messages-in-force.ts'
import type { Totals } from '../../../../backbone/operations/system-state.ts'
import type { OutcomeKind } from '../../../../backbone/records/outcome.ts'
import { el } from '../../../pages/browser/dom.ts'
import { kindName } from '../../../pages/browser/kind-name.ts'
import { isAdded } from '../added-kinds.ts'
import { factList } from '../elements/facts.ts'
import { panel } from '../elements/panel.ts'
import { createTable } from '../elements/table.ts'
import { count, decimal, UNKNOWN } from '../format.ts'
import { texts } from '../texts.ts'
import { languageName } from './language-name.ts'

const { kinds: words, rules } = texts.messages

interface Row {
  kind: OutcomeKind
  /** Undefined: only other processors, or earlier rules, have it. */
  rule?: DescribedKind
  outcomes: number | undefined
}

/** The rules in force, with the outcomes of each kind. */
export function createKindsPanel(inForce: MessagesInForce, outcomes: Totals['outcomes'] | undefined): Node {
  const table = createTable<Row>({
    caption: words.caption,
    empty: words.empty,
    key: ({ kind }) => kind,
    columns: [
      { header: words.kind, cell: ({ kind }) => kindName(texts.kinds, kind), isRowHeader: true },
      { header: words.minutes, cell: ({ rule }) => minutesOf(rule) },
      { header: words.followUp, cell: ({ rule }) => followUpOf(rule) },
      { header: words.outcomes, cell: (row) => count(row.outcomes), isNumber: true },
    ],
  })
  table.update(rowsOf(inForce, outcomes))
  return panel(rules.heading, factsOf(inForce), table.element, el('p', { class: 'hint' }, words.outcomesHint))
}

/** The kinds in force, then others that have outcomes. */
function rowsOf({ kinds }: MessagesInForce, outcomes: Totals['outcomes'] | undefined): Row[] {
  const known = new Set<string>(kinds.map(({ kind }) => kind))
  const others = Object.keys(outcomes ?? {}).filter((kind) => !known.has(kind) && isAdded(kind))
  return [
    ...kinds.map((rule) => ({
      kind: rule.kind,
      rule,
      outcomes: outcomes && (outcomes[rule.kind] ?? 0),
    })),
    ...(others as OutcomeKind[]).map((kind) => ({ kind, outcomes: outcomes?.[kind] })),
  ]
}

function minutesOf(rule: DescribedKind | undefined): string {
  if (rule === undefined) return words.notInRules
  return rule.untilMinutes === null ? words.longer : words.upTo(decimal(rule.untilMinutes))
}

function followUpOf(rule: DescribedKind | undefined): string {
  if (rule === undefined) return UNKNOWN
  return rule.followUp ? words.yes : words.no
}

function factsOf({ source, storeName, defaultLanguage, languages, languageByCountry }: MessagesInForce) {
  const countriesOf = (language: string) => {
    const named = Object.keys(languageByCountry).filter((country) => languageByCountry[country] === language)
    if (language !== defaultLanguage) return named.join(', ')
    return languages.length === 1 ? rules.everywhere : rules.elsewhere
  }
  return factList([
    [rules.source, rules.sources[source]],
    [rules.storeName, storeName],
    ...languages.map((language): [string, string] => [languageName(language), countriesOf(language)]),
  ])
}
