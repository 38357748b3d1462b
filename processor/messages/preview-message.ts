import type { Preview } from '../../backbone/messages/messages-in-force.ts'
import type { Checkout } from '../../backbone/records/checkout.ts'
import { isNotifiedKind } from '../../backbone/records/outcome.ts'
import { classify } from '../classify/classify.ts'
import { languagesOf } from './parse-rules.ts'
import type { MessageFiles } from './read-messages.ts'

export interface PreviewRequest {
  checkout: Checkout
  /** Instead of the kind of the checkout. */
  kind?: string | undefined
  /** Instead of the language of its country. */
  language?: string | undefined
}

/** What is wrong with a request: the field, and what to do. */
export function previewFaults(
  { kind, language }: PreviewRequest,
  { messages, rules }: MessageFiles,
): string[] {
  const kinds = messages.kinds.map((each): string => each.kind)
  const languages = languagesOf(rules)
  return [
    ...(kind === undefined || kinds.includes(kind) ? [] : [`kind must be one of ${kinds.join(', ')}`]),
    ...(language === undefined || languages.includes(language)
      ? []
      : [`language must be one of ${languages.join(', ')}`]),
  ]
}

/** The request must be without {@link previewFaults}. */
export function previewMessage(
  { checkout, kind: asked, language }: PreviewRequest,
  { messages, settings: { longestPlausibleMinutes } }: MessageFiles,
): Preview {
  const kind =
    messages.kinds.find((each) => String(each.kind) === asked)?.kind ??
    classify(checkout, { kinds: messages.kinds, longestPlausibleMinutes })
  const worded = isNotifiedKind(kind) ? messages.word(kind, checkout, language) : undefined
  if (!worded) return { kind, message: null }
  const suffix = worded.variant === 'recorrido' ? '.recorrido' : ''
  return {
    kind,
    message: worded.text,
    language: worded.language,
    template: `${kind}.${worded.language}${suffix}.txt`,
    unknown: worded.unknown,
  }
}
