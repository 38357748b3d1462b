import type { Checkout } from '../../backbone/records/checkout.ts'
import { isBaseKind, kindRules, type OutcomeKind } from '../../backbone/records/outcome.ts'
import type { PurchaseKind } from '../classify/classify.ts'
import { foldedCountry, languagesOf, type Rules } from './parse-rules.ts'
import type { Template } from './parse-template.ts'
import { createFactsOf, type PlaceholderName } from './placeholders.ts'
import { renderMessage, unknownIn } from './render-message.ts'

/** The templates of one kind in one language. */
export interface TemplateChoice {
  plain: Template
  /** For checkouts with a value for all its placeholders. */
  recorrido?: Template
}

export interface WordedMessage {
  text: string
  language: string
  /** The template that was used. */
  variant: keyof TemplateChoice
  /** Placeholders of the other variant for which the checkout has no value. */
  unknown: PlaceholderName[]
}

/** The kinds of purchases and their messages. */
export interface Messages {
  /** From the shortest purchases to the longest. */
  kinds: readonly PurchaseKind[]
  isFollowedUp: (kind: OutcomeKind) => boolean
  /** Null for a kind that does not notify, or that these rules do not know. */
  messageFor: (kind: OutcomeKind, checkout: Checkout) => string | null
  /** As messageFor, with what was chosen; in `language`, or else in that of the country. */
  word: (kind: OutcomeKind, checkout: Checkout, language?: string) => WordedMessage | undefined
}

export type Templates = ReadonlyMap<OutcomeKind, ReadonlyMap<string, TemplateChoice>>

export function createMessages(rules: Rules, templates: Templates, storeName: string): Messages {
  const { kinds, defaultLanguage, languageByCountry } = rules
  const followedUp = new Map(kinds.map(({ kind, isFollowedUp }) => [kind, isFollowedUp]))
  const factsIn = new Map(languagesOf(rules).map((each) => [each, createFactsOf(each, storeName)]))

  // An outcome of another program may have no country.
  function languageOf({ ubicacion }: Partial<Checkout>): string {
    if (languageByCountry.size === 0) return defaultLanguage
    return languageByCountry.get(foldedCountry(String(ubicacion?.pais))) ?? defaultLanguage
  }

  function word(kind: OutcomeKind, checkout: Checkout, language = languageOf(checkout)) {
    const choice = templates.get(kind)?.get(language)
    const facts = factsIn.get(language)?.(checkout)
    if (!choice || !facts) return undefined
    const unknown = choice.recorrido ? unknownIn(choice.recorrido, facts) : []
    const variant = choice.recorrido && unknown.length === 0 ? 'recorrido' : 'plain'
    const text = renderMessage(choice[variant] ?? choice.plain, facts)
    return { text, language, variant, unknown } as const
  }

  return {
    kinds,
    isFollowedUp: (kind) => followedUp.get(kind) ?? (isBaseKind(kind) && kindRules[kind].isFollowedUp),
    messageFor: (kind, checkout) => word(kind, checkout)?.text ?? null,
    word,
  }
}
